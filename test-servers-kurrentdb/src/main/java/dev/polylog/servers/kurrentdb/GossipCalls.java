package dev.polylog.servers.kurrentdb;

import io.grpc.stub.StreamObserver;
import io.kurrent.dbclient.proto.gossip.GossipGrpc;
import io.kurrent.dbclient.proto.gossip.GossipOuterClass.ClusterInfo;
import io.kurrent.dbclient.proto.gossip.GossipOuterClass.EndPoint;
import io.kurrent.dbclient.proto.gossip.GossipOuterClass.MemberInfo;
import io.kurrent.dbclient.proto.shared.Shared;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Who belongs to the cluster, and who leads it. Stateless and thread-safe. */
final class GossipCalls extends GossipGrpc.GossipImplBase {

    private final Standing standing;

    GossipCalls(Standing standing) {
        this.standing = standing;
    }

    @Override
    public void read(Shared.Empty request, StreamObserver<ClusterInfo> client) {
        ClusterInfo.Builder cluster = ClusterInfo.newBuilder();
        for (Standing.Member member : standing.members()) {
            cluster.addMembers(MemberInfo.newBuilder()
                    .setInstanceId(Messages.uuid(
                            UUID.nameUUIDFromBytes(member.address().toString().getBytes(StandardCharsets.UTF_8)), true))
                    .setTimeStamp(System.currentTimeMillis())
                    .setState(member.leads() ? MemberInfo.VNodeState.Leader : MemberInfo.VNodeState.Follower)
                    .setIsAlive(member.alive())
                    .setHttpEndPoint(EndPoint.newBuilder()
                            .setAddress(member.address().host())
                            .setPort(member.address().port())));
        }
        client.onNext(cluster.build());
        client.onCompleted();
    }
}
