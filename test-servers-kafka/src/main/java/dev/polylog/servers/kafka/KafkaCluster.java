package dev.polylog.servers.kafka;

import dev.polylog.servers.Await;
import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.ServerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Several Kafka brokers that know one another, each a process of its own that a test may stop, kill and pause: broker and
 * controller in one, so that a majority of them must run for anybody to become a leader.
 *
 * <p>{@link KafkaServers#cluster()} hands them out. They share one machine, with its disk and its processors: what a test
 * shows about the loss of a broker is about its process. Thread-safe. Failures are {@link ServerFailure}.
 */
public final class KafkaCluster implements KafkaBrokers, AutoCloseable {

    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<KafkaProcess> members;

    private KafkaCluster(List<KafkaProcess> members) {
        this.members = members;
    }

    /** All at once: none of them serves before most of them run. */
    static KafkaCluster start(int brokers) {
        ExecutorService threads = Executors.newFixedThreadPool(brokers);
        try {
            return of(KafkaMember.of(brokers).stream()
                    .map(member -> CompletableFuture.supplyAsync(() -> KafkaProcess.start(member), threads))
                    .toList());
        } finally {
            threads.shutdown();
        }
    }

    private static KafkaCluster of(List<CompletableFuture<KafkaProcess>> starting) {
        List<KafkaProcess> started = new ArrayList<>();
        List<CompletionException> failures = new ArrayList<>();
        for (CompletableFuture<KafkaProcess> member : starting) {
            try {
                started.add(member.join());
            } catch (CompletionException e) {
                failures.add(e);
            }
        }
        KafkaCluster cluster = new KafkaCluster(List.copyOf(started));
        if (!failures.isEmpty()) {
            cluster.close();
            throw new ServerFailure(
                    failures.size() + " of " + starting.size() + " Kafka brokers did not start", failures.get(0));
        }
        return cluster;
    }

    @Override
    public String bootstrap() {
        return members.stream().map(OwnKafkaServer::bootstrap).collect(Collectors.joining(","));
    }

    /**
     * The brokers, in the order of their numbers, which begin with 1.
     *
     * @return all of them, whether they run or not
     */
    public List<OwnKafkaServer> brokers() {
        return List.copyOf(members);
    }

    /**
     * The broker that leads a partition, as those that run say; waits until a running one does.
     *
     * @param topic the topic
     * @param partition the number of its partition
     * @return the leader, which was running when it was asked for
     * @throws ServerFailure if none leads in time
     */
    public OwnKafkaServer leader(String topic, int partition) {
        return await(topic, partition, "is not led by a running broker", this::leader);
    }

    /**
     * Waits until every replica of a partition is in sync with its leader, as the brokers say. One that was just resumed may
     * not know better for a moment, and say so of the time before.
     *
     * @param topic the topic
     * @param partition the number of its partition
     * @throws ServerFailure if that is not so in time
     */
    public void awaitInSync(String topic, int partition) {
        await(
                topic,
                partition,
                "has replicas that are not in sync",
                info -> leader(info)
                        .filter(found -> info.isr().size() == info.replicas().size()));
    }

    private Optional<OwnKafkaServer> leader(TopicPartitionInfo info) {
        return Optional.ofNullable(info.leader())
                .flatMap(leader -> running().stream()
                        .filter(member -> member.member().node() == leader.id())
                        .map(OwnKafkaServer.class::cast)
                        .findFirst());
    }

    private List<KafkaProcess> running() {
        return members.stream()
                .filter(member -> member.state() == ServerState.RUNNING)
                .toList();
    }

    private <T> T await(String topic, int partition, String otherwise, Function<TopicPartitionInfo, Optional<T>> look) {
        List<T> found = new ArrayList<>();
        Await.until(
                PATIENCE,
                () -> {
                    String bootstrap =
                            running().stream().map(KafkaProcess::bootstrap).collect(Collectors.joining(","));
                    KafkaCalls.partition(bootstrap, topic, partition, ANSWER)
                            .flatMap(look)
                            .ifPresent(found::add);
                    return !found.isEmpty();
                },
                () -> "partition " + partition + " of " + topic + " " + otherwise);
        return found.get(0);
    }

    /** Kills the brokers and removes what they hold; may be called twice. */
    @Override
    public void close() {
        members.forEach(KafkaProcess::close);
    }

    /** The brokers and how they are. */
    @Override
    public String toString() {
        return members.toString();
    }
}
