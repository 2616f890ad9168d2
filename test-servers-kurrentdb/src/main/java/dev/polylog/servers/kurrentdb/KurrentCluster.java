package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.FreePorts;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.kurrentdb.log.Database;
import io.grpc.InsecureServerCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Two nodes over one log in memory: a leader and a follower. The leader can move, and a node can be killed and come back;
 * a new leader does not remember which ids were written lately. Thread-safe.
 */
public final class KurrentCluster implements KurrentTarget {

    private final KurrentVersion version;
    private final Database database = Database.inMemory(KurrentServer::ticks);
    private final List<Member> members = new ArrayList<>();
    private int leader;

    /** A node and what it knows. */
    private final class Member implements Standing {

        private final int number;
        private final int port = FreePorts.next();
        private @Nullable Node node;

        Member(int number) {
            this.number = number;
        }

        void start() {
            node = new Node(database, version, this, port, InsecureServerCredentials.create(), Duration.ZERO).start();
        }

        ServerAddress address() {
            return new ServerAddress("127.0.0.1", port);
        }

        @Override
        public boolean isLeader() {
            synchronized (KurrentCluster.this) {
                return leader == number;
            }
        }

        @Override
        public @Nullable ServerAddress leader() {
            synchronized (KurrentCluster.this) {
                return leader < 0 ? null : members.get(leader).address();
            }
        }

        @Override
        public List<Standing.Member> members() {
            synchronized (KurrentCluster.this) {
                return members.stream()
                        .map(member ->
                                new Standing.Member(member.address(), leader == member.number, member.node != null))
                        .toList();
            }
        }
    }

    private KurrentCluster(KurrentVersion version) {
        this.version = version;
    }

    /**
     * Starts both nodes; the first one leads.
     *
     * @param version whose behaviour they show
     * @return the running cluster
     */
    public static KurrentCluster start(KurrentVersion version) {
        KurrentCluster cluster = new KurrentCluster(version);
        synchronized (cluster) {
            for (int i = 0; i < 2; i++) {
                Member member = cluster.new Member(i);
                cluster.members.add(member);
                member.start();
            }
        }
        return cluster;
    }

    /** The other node leads from now on; a killed one is brought back for it. */
    public synchronized void moveLeader() {
        Member next = members.get(leader == 0 ? 1 : 0);
        if (next.node == null) {
            next.start();
        }
        database.forgetIds();
        leader = next.number;
    }

    /** Nobody leads, as during an election, until {@link #moveLeader()}. */
    public synchronized void loseLeader() {
        leader = -1;
    }

    /** Kills the node that leads; the other one leads from now on. */
    public void killLeader() {
        Node killed;
        synchronized (this) {
            Member member = members.get(leader);
            killed = member.node;
            member.node = null;
            moveLeader();
        }
        if (killed != null) {
            killed.end();
        }
    }

    /** Starts the node that was killed; it follows. */
    public synchronized void revive() {
        members.stream().filter(member -> member.node == null).forEach(Member::start);
    }

    @Override
    public ServerAddress address() {
        return members.get(0).address();
    }

    /**
     * A node's own address.
     *
     * @param number 0 or 1
     * @return the address, which leads nowhere while the node is killed
     */
    public synchronized ServerAddress node(int number) {
        return members.get(number).address();
    }

    @Override
    public synchronized String url() {
        return members.stream()
                .map(member -> member.address().toString())
                .collect(Collectors.joining(",", "kurrentdb://", "?tls=false"));
    }

    @Override
    public void close() {
        List<Node> running = new ArrayList<>();
        synchronized (this) {
            for (Member member : members) {
                if (member.node != null) {
                    running.add(member.node);
                    member.node = null;
                }
            }
        }
        running.forEach(Node::end);
        database.close();
    }
}
