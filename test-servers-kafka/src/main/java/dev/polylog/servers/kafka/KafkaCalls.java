package dev.polylog.servers.kafka;

import dev.polylog.servers.ServerAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;

/** Asks brokers how they are. Stateless and thread-safe. */
final class KafkaCalls {

    private KafkaCalls() {}

    /** Whether a controller is known and a broker is a member of its cluster: from then on topics can be made. */
    static boolean answers(ServerAddress address, Duration patience) {
        return ask(
                        address.toString(),
                        patience,
                        admin -> admin.describeCluster().nodes())
                .filter(nodes -> !nodes.isEmpty())
                .isPresent();
    }

    /** Whether a broker answers that it is a member of its cluster itself. */
    static boolean isMember(ServerAddress address, int node, Duration patience) {
        return ask(
                        address.toString(),
                        patience,
                        admin -> admin.describeCluster().nodes())
                .filter(nodes -> nodes.stream().anyMatch(member -> member.id() == node))
                .isPresent();
    }

    /** How a partition stands; empty where nobody knows now. */
    static Optional<TopicPartitionInfo> partition(String bootstrap, String topic, int partition, Duration patience) {
        return ask(
                        bootstrap,
                        patience,
                        admin -> admin.describeTopics(List.of(topic)).allTopicNames())
                .map(described -> described.get(topic))
                .map(described -> described.partitions().get(partition));
    }

    private static <T> Optional<T> ask(String bootstrap, Duration patience, Function<Admin, KafkaFuture<T>> question) {
        int millis = (int) patience.toMillis();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrap,
                "request.timeout.ms",
                millis,
                "default.api.timeout.ms",
                millis,
                "enable.metrics.push",
                false,
                "reconnect.backoff.max.ms",
                100);
        Admin admin = Admin.create(settings);
        try {
            return Optional.of(question.apply(admin).get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException notYet) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            admin.close(Duration.ZERO);
        }
    }
}
