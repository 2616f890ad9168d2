package dev.polylog.servers.kurrentdb;

import io.grpc.stub.StreamObserver;
import io.kurrent.dbclient.proto.serverfeatures.ServerFeaturesGrpc;
import io.kurrent.dbclient.proto.serverfeatures.Serverfeatures.SupportedMethod;
import io.kurrent.dbclient.proto.serverfeatures.Serverfeatures.SupportedMethods;
import io.kurrent.dbclient.proto.shared.Shared;
import java.util.List;

/**
 * What the server can do: its version and its methods in lower case, no more of them than are served. Stateless and
 * thread-safe.
 */
final class FeatureCalls extends ServerFeaturesGrpc.ServerFeaturesImplBase {

    private static final String STREAMS = "event_store.client.streams.streams";
    private static final String SESSIONS = "kurrentdb.protocol.v2.streams.streamsservice";

    private final KurrentVersion version;

    FeatureCalls(KurrentVersion version) {
        this.version = version;
    }

    @Override
    public void getSupportedMethods(Shared.Empty request, StreamObserver<SupportedMethods> client) {
        SupportedMethods.Builder methods = SupportedMethods.newBuilder()
                .setEventStoreServerVersion(version.number())
                .addMethods(method(STREAMS, "read", "position", "events"))
                .addMethods(method(STREAMS, "append"))
                .addMethods(method(STREAMS, "delete"))
                .addMethods(method(STREAMS, "tombstone"))
                .addMethods(method("event_store.client.gossip.gossip", "read"))
                .addMethods(method("event_store.client.server_features.serverfeatures", "getsupportedmethods"));
        if (version.appendsToSeveralStreams()) {
            methods.addMethods(method(SESSIONS, "appendsession"));
        }
        client.onNext(methods.build());
        client.onCompleted();
    }

    private static SupportedMethod method(String service, String method, String... features) {
        return SupportedMethod.newBuilder()
                .setServiceName(service)
                .setMethodName(method)
                .addAllFeatures(List.of(features))
                .build();
    }
}
