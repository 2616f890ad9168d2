package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.ServerAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node knows of its cluster. Implementations are thread-safe. */
interface Standing {

    boolean isLeader();

    /** Where the leader is, or null while nobody knows. */
    @Nullable
    ServerAddress leader();

    /** All nodes, for gossip. */
    List<Member> members();

    /** A node as gossip tells of it. */
    record Member(ServerAddress address, boolean leads, boolean alive) {}
}
