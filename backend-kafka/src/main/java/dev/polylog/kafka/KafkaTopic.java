package dev.polylog.kafka;

import dev.polylog.IncompatibleLayout;
import dev.polylog.spi.BackendTraits.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * The topic: made with the settings that the log needs, and held against them.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id the topic's identity, which changes when it is made anew
 * @param replicas how many replicas its partition has
 * @param settings its settings, with those of the brokers where it has none of its own
 * @param partitions how many partitions it has
 */
record KafkaTopic(Uuid id, int replicas, int partitions, Map<String, String> settings) {

    private static final int USUAL_REPLICAS = 3;

    /** What names of an event take at most, and of a stream, beside payload and metadata. */
    private static final int EVENT_OVERHEAD = 2 * 3 * 255 + 64;

    private static final int STREAM_OVERHEAD = 3 * 255 + 64;
    private static final int RECORD_OVERHEAD = 64 << 10;
    private static final long PAUSE_MILLIS = 50;

    /** The most bytes of a record, and of a batch of one record. A cell has its 64 KiB and more room than it needs. */
    static int mostBytes(Limits limits) {
        long most = limits.maxAppendBytes()
                + (long) EVENT_OVERHEAD * limits.maxEventsPerAppend()
                + (long) STREAM_OVERHEAD * limits.maxStreamsPerAppend()
                + RECORD_OVERHEAD;
        return (int) Math.min(most, Integer.MAX_VALUE);
    }

    /**
     * Finds the topic, or makes it (rule L-01).
     *
     * @throws dev.polylog.StoreUnavailable if the brokers cannot be reached in time
     */
    static KafkaTopic prepare(KafkaConfig config, Admin admin) {
        Deadline deadline = Deadline.in(config.connectTimeout());
        try {
            while (true) {
                try {
                    return find(config, admin, deadline);
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                        make(config.topic(), config, admin, deadline);
                    } else if (!(e.getCause() instanceof RetriableException) || deadline.remaining() <= 0) {
                        throw e;
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            throw KafkaFailures.asked(config.address(), "finding or making the topic", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaFailures.asked(config.address(), "finding or making the topic", e);
        }
    }

    /**
     * Finds the topic, and does not make it.
     *
     * @return the topic, or empty where there is none
     * @throws dev.polylog.StoreUnavailable if the brokers cannot be reached in time
     */
    static Optional<KafkaTopic> look(KafkaConfig config, Admin admin) {
        try {
            return Optional.of(find(config, admin, Deadline.in(config.connectTimeout())));
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw KafkaFailures.asked(config.address(), "looking at the topic", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaFailures.asked(config.address(), "looking at the topic", e);
        }
    }

    private static KafkaTopic find(KafkaConfig config, Admin admin, Deadline deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        String topic = config.topic();
        TopicDescription described = get(admin.describeTopics(List.of(topic)).allTopicNames(), deadline)
                .get(topic);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config entries =
                get(admin.describeConfigs(List.of(resource)).all(), deadline).get(resource);
        if (described == null || entries == null) {
            throw new TimeoutException("the brokers did not describe the topic");
        }
        Map<String, String> settings = new LinkedHashMap<>();
        for (ConfigEntry entry : entries.entries()) {
            settings.put(entry.name(), String.valueOf(entry.value()));
        }
        return new KafkaTopic(
                described.topicId(),
                described.partitions().get(0).replicas().size(),
                described.partitions().size(),
                settings);
    }

    /**
     * Makes a topic for copies of events where there is none: with one partition, and what is in it stays.
     *
     * @return whether there was none
     * @throws dev.polylog.StoreUnavailable if the brokers cannot be reached in time
     */
    static boolean prepareTarget(KafkaConfig config, String target, Admin admin) {
        Deadline deadline = Deadline.in(config.connectTimeout());
        try {
            boolean missing = !get(admin.listTopics().names(), deadline).contains(target);
            if (missing) {
                make(target, config, admin, deadline);
            }
            return missing;
        } catch (ExecutionException | TimeoutException e) {
            throw KafkaFailures.asked(config.address(), "making the topic " + target, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaFailures.asked(config.address(), "making the topic " + target, e);
        }
    }

    private static void make(String name, KafkaConfig config, Admin admin, Deadline deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        int replicas = config.replicas() > 0 ? config.replicas() : Math.min(USUAL_REPLICAS, brokers(admin, deadline));
        NewTopic topic = new NewTopic(name, 1, (short) replicas).configs(wanted(config.limits(), replicas));
        try {
            get(admin.createTopics(List.of(topic)).all(), deadline);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** The settings of a topic that is made here. */
    static Map<String, String> wanted(Limits limits, int replicas) {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("cleanup.policy", "delete");
        wanted.put("retention.ms", "-1");
        wanted.put("retention.bytes", "-1");
        wanted.put("message.timestamp.type", "LogAppendTime");
        wanted.put("unclean.leader.election.enable", "false");
        wanted.put("min.insync.replicas", replicas > 1 ? "2" : "1");
        wanted.put("max.message.bytes", String.valueOf(mostBytes(limits)));
        if (replicas == 1) {
            wanted.put("flush.messages", "1");
        }
        return wanted;
    }

    /**
     * How many brokers the cluster has. One that is away for a moment counts where the brokers tell of it (since Kafka 4.0): a
     * replica is its own too, and a topic made meanwhile is not one replica short for good.
     */
    private static int brokers(Admin admin, Deadline deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        DescribeClusterOptions all = new DescribeClusterOptions().includeFencedBrokers(true);
        try {
            return get(admin.describeCluster(all).nodes(), deadline).size();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnsupportedVersionException)) {
                throw e;
            }
            return get(admin.describeCluster().nodes(), deadline).size();
        }
    }

    private static <T> T get(KafkaFuture<T> future, Deadline deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.get(Math.max(1, deadline.remaining()), TimeUnit.NANOSECONDS);
    }

    /** Whether what is acknowledged is on disk, or on another machine. */
    boolean isFlushed() {
        return "1".equals(settings.get("flush.messages"));
    }

    /**
     * For how long a leader that was replaced may not know it: until then its log ends earlier than what others have read. Not
     * at all where there is one replica.
     */
    Duration leadersUnaware(KafkaConfig config) {
        return replicas > 1 ? config.timeout() : Duration.ZERO;
    }

    /**
     * Refuses a topic that would lose or reorder what was acknowledged (rule A-16).
     *
     * @throws IncompatibleLayout if anything is wrong; names every setting with its value and what to do
     */
    void requireFit(KafkaConfig config) {
        List<String> problems = problems(config);
        if (!problems.isEmpty()) {
            throw new IncompatibleLayout(
                    config.address() + " cannot be used: " + String.join("; ", problems)
                            + ". Settings are changed by kafka-configs.sh --alter --topic " + config.topic()
                            + " --add-config setting=value",
                    null);
        }
    }

    List<String> problems(KafkaConfig config) {
        List<String> problems = new ArrayList<>();
        if (partitions != 1) {
            problems.add("the topic has " + partitions
                    + " partitions, and only one partition has one order; name a topic with 1");
        }
        require("cleanup.policy", "delete", "compaction removes records", problems);
        require("retention.ms", "-1", "old records would be deleted", problems);
        require("retention.bytes", "-1", "old records would be deleted", problems);
        require("message.timestamp.type", "LogAppendTime", "times are to be the broker's", problems);
        require("unclean.leader.election.enable", "false", "acknowledged records could be lost", problems);
        least("max.message.bytes", mostBytes(config.limits()), "the limits allow appends of that size", problems);
        if (replicas < config.replicas()) {
            problems.add("the topic has " + replicas + " replica(s), and " + config.replicas()
                    + " are asked for: add some by kafka-reassign-partitions.sh, or ask for fewer in replicas");
        }
        if (replicas > 1) {
            least("min.insync.replicas", 2, "an acknowledged record could be on one machine only", problems);
        } else if (!isFlushed() && !config.risks().contains(KafkaConfig.Risk.UNFLUSHED)) {
            problems.add("the topic has 1 replica and flush.messages is " + settings.get("flush.messages")
                    + ": a loss of power takes acknowledged events. Use 3 replicas, or set flush.messages=1, or name"
                    + " the risk: acceptUnflushed=true");
        }
        return problems;
    }

    private void require(String name, String expected, String otherwise, List<String> problems) {
        String value = settings.getOrDefault(name, expected);
        if (!value.equals(expected)) {
            problems.add(name + " is " + value + "; expected " + expected + ", " + otherwise + " otherwise");
        }
    }

    private void least(String name, long least, String why, List<String> problems) {
        long value = Long.parseLong(settings.getOrDefault(name, String.valueOf(least)));
        if (value < least) {
            problems.add(name + " is " + value + "; expected " + least + " or more, since " + why);
        }
    }
}
