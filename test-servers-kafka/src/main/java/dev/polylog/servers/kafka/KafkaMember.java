package dev.polylog.servers.kafka;

import dev.polylog.servers.ServerAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/**
 * A broker's place in a cluster of which every broker is a controller as well. Immutable and thread-safe.
 *
 * @param node the broker's number, from 1 on
 * @param cluster the cluster's id
 * @param controllers where the controllers of all brokers listen, in the order of their numbers
 */
record KafkaMember(int node, String cluster, List<ServerAddress> controllers) {

    private static final int MOST_REPLICAS = 3;

    /** The places in a new cluster of so many brokers. */
    static List<KafkaMember> of(int brokers) {
        String cluster = Uuid.randomUuid().toString();
        List<ServerAddress> controllers = Stream.generate(KafkaDetour::freeAddress)
                .distinct()
                .limit(brokers)
                .toList();
        return IntStream.rangeClosed(1, brokers)
                .mapToObj(node -> new KafkaMember(node, cluster, controllers))
                .toList();
    }

    /** The one place in a cluster of one. */
    static KafkaMember alone() {
        return of(1).get(0);
    }

    /** Where this broker's controller listens. */
    ServerAddress controller() {
        return controllers.get(node - 1);
    }

    /** All controllers, as the brokers' setting names them. */
    String voters() {
        return IntStream.rangeClosed(1, controllers.size())
                .mapToObj(voter -> voter + "@" + controllers.get(voter - 1))
                .collect(Collectors.joining(","));
    }

    /** How many brokers hold what the cluster keeps for itself. */
    int replicas() {
        return Math.min(MOST_REPLICAS, controllers.size());
    }

    /** How many of them must have it before it is acknowledged. */
    int leastInSync() {
        return Math.min(2, replicas());
    }

    /**
     * How long a broker that was killed counts as alive, and how long until it leads again. Several that share a machine answer
     * one another late at times: who gives up too soon elects again and again.
     */
    Map<String, String> patience() {
        boolean alone = controllers.size() == 1;
        return Map.of(
                "broker.session.timeout.ms", alone ? "1000" : "2000",
                "broker.heartbeat.interval.ms", "200",
                "controller.quorum.election.timeout.ms", alone ? "100" : "500",
                "controller.quorum.fetch.timeout.ms", alone ? "400" : "1000");
    }
}
