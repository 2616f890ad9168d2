package dev.polylog.kafka;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendTraits.Limits;
import dev.polylog.spi.BackendUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which log in which topic, and how to treat it.
 *
 * <p>Made by {@link #parse(BackendUrl)} or {@link #builder(List, String)}, which report every mistake at once as
 * {@link InvalidStoreUrl}. Shows no settings of the client, which may hold passwords. Immutable and thread-safe.
 *
 * @param servers the brokers to begin with, each {@code host:port}
 * @param topic the topic that is the log
 * @param views the folder below which views are kept, one folder a topic; a cluster's own
 * @param client settings of Kafka's clients, for all of them: how to connect and log in
 * @param producer settings of the producer besides
 * @param consumer settings of the consumers besides
 * @param replicas how many replicas a topic that is made here gets, and one that is there has at least; 0 for three, or as
 *     many as there are brokers
 * @param risks set-ups that break promises and are accepted all the same
 * @param timeout how long a record may take to be acknowledged, and a read to become current; from 1 second to 10 minutes
 * @param connectTimeout how long opening may take to find the topic; from 100 ms to 10 minutes
 * @param limits the sizes beyond which an append is refused
 */
public record KafkaConfig(
        List<String> servers,
        String topic,
        Path views,
        Map<String, Object> client,
        Map<String, Object> producer,
        Map<String, Object> consumer,
        int replicas,
        Set<Risk> risks,
        Duration timeout,
        Duration connectTimeout,
        Limits limits) {

    /** The usual limits. */
    static final Limits DEFAULT_LIMITS = new Limits(1_000, 100, 1 << 20, 256 << 10, 4L << 20);

    private static final Pattern TOPIC = Pattern.compile("(?!\\.\\.?$)[a-zA-Z0-9._-]{1,249}");
    private static final Pattern SERVER = Pattern.compile("(?:[^\\s:/,\\[\\]]+|\\[[0-9a-fA-F:.]+]):(\\d{1,5})");
    private static final int MOST_REPLICAS = 16;

    /** Settings that make the log what it is, and are not to be had otherwise. */
    private static final Set<String> OURS = Set.of(
            "acks",
            "enable.idempotence",
            "transactional.id",
            "max.in.flight.requests.per.connection",
            "retries",
            "delivery.timeout.ms",
            "partitioner.class",
            "interceptor.classes",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "auto.offset.reset",
            "isolation.level",
            "enable.auto.commit",
            "group.id",
            "group.protocol",
            "allow.auto.create.topics",
            "check.crcs",
            "bootstrap.servers");

    /** A set-up that breaks a promise. */
    public enum Risk {
        /**
         * One replica, and not written to disk before it is acknowledged ({@code flush.messages} above 1): the loss of power
         * takes acknowledged events and gives their places to others.
         */
        UNFLUSHED
    }

    /** Copies, and rejects what is out of range, all at once. */
    public KafkaConfig {
        servers = List.copyOf(servers);
        client = Map.copyOf(client);
        producer = Map.copyOf(producer);
        consumer = Map.copyOf(consumer);
        risks = Set.copyOf(risks);
        List<String> problems = new ArrayList<>();
        checkPlace(servers, topic, problems::add);
        for (Map<String, Object> settings : List.of(client, producer, consumer)) {
            checkSettings(settings, problems::add);
        }
        if (replicas < 0 || replicas > MOST_REPLICAS) {
            problems.add("replicas is " + replicas + "; expected 1 to " + MOST_REPLICAS + ", or 0 for the usual");
        }
        checkTime("timeout", timeout, Duration.ofSeconds(1), problems::add);
        checkTime("connectTimeout", connectTimeout, Duration.ofMillis(100), problems::add);
        if (KafkaTopic.mostBytes(limits) > Integer.MAX_VALUE / 2) {
            problems.add("the limits allow an append of " + KafkaTopic.mostBytes(limits)
                    + " bytes, more than Kafka takes in a record; lower maxEventsPerAppend or maxAppendBytes");
        }
        if (!problems.isEmpty()) {
            throw new InvalidStoreUrl("kafka://" + String.join(",", servers) + "/" + topic, problems);
        }
    }

    private static void checkPlace(List<String> servers, String topic, Consumer<String> problems) {
        if (servers.isEmpty()) {
            problems.accept("no broker is named; expected kafka://host:9092/topic");
        }
        for (String server : servers) {
            Matcher matcher = SERVER.matcher(server);
            if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > 65_535) {
                problems.accept("the broker is not of the form host:port");
            }
        }
        if (!isTopicName(topic)) {
            problems.accept("the topic's name is not made of 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-'");
        }
    }

    private static void checkSettings(Map<String, Object> settings, Consumer<String> problems) {
        for (String name : new TreeSet<>(settings.keySet())) {
            if (OURS.contains(name)) {
                problems.accept("the client's setting " + name + " is not to be chosen: the log depends on it");
            }
        }
    }

    private static void checkTime(String name, Duration time, Duration least, Consumer<String> problems) {
        if (time.compareTo(least) < 0 || time.compareTo(Duration.ofMinutes(10)) > 0) {
            problems.accept(
                    name + " is " + time.toMillis() + " ms; expected " + least.toMillis() + " ms to 10 minutes");
        }
    }

    /**
     * The configuration that a URL asks for: {@code kafka://host:9092,host2:9092/topic}, with {@code user:password@} in
     * front of the hosts where there is a log-in. Options: {@code view} (the folder for views), {@code tls} ({@code true},
     * {@code false}), {@code sasl} ({@code plain}, {@code scram-sha-256}, {@code scram-sha-512}), {@code replicas},
     * {@code timeout}, {@code connectTimeout}, {@code acceptUnflushed}, {@code maxEventsPerAppend},
     * {@code maxPayloadBytes}, {@code maxMetadataBytes}, {@code maxAppendBytes}, and these settings of Kafka's clients:
     * {@code client.id}, {@code client.rack}, {@code compression.type}, {@code linger.ms}, {@code batch.size},
     * {@code buffer.memory}, {@code send.buffer.bytes}, {@code receive.buffer.bytes}, {@code fetch.max.bytes},
     * {@code ssl.truststore.location}, {@code ssl.truststore.password}, {@code ssl.truststore.type},
     * {@code ssl.keystore.location}, {@code ssl.keystore.password}, {@code ssl.keystore.type}, {@code ssl.key.password}.
     *
     * @param url the URL
     * @return the configuration
     * @throws InvalidStoreUrl if anything is wrong; lists everything
     */
    public static KafkaConfig parse(BackendUrl url) {
        return KafkaUrl.parse(url);
    }

    /**
     * A configuration to be built by hand.
     *
     * @param servers the brokers to begin with, each {@code host:port}
     * @param topic the topic that is the log
     * @return a new builder with the usual values
     */
    public static Builder builder(List<String> servers, String topic) {
        return new Builder(servers, topic);
    }

    /** The address as messages show it. */
    String address() {
        return "kafka://" + String.join(",", servers) + "/" + topic;
    }

    /** Whether a topic may have that name. */
    static boolean isTopicName(String name) {
        return TOPIC.matcher(name).matches();
    }

    /** How long the log may take to decide a record: to be acknowledged, and then to come through the tail. */
    Duration patience() {
        return timeout.plusSeconds(2);
    }

    /** Where the log is; no settings, which may hold passwords. */
    @Override
    public String toString() {
        return address();
    }

    /** Builds a {@link KafkaConfig}. Not thread-safe. */
    public static final class Builder {

        private final List<String> servers;
        private final String topic;
        private Path views = Path.of(System.getProperty("user.home"), ".polylog", "views");
        private Map<String, Object> client = Map.of();
        private Map<String, Object> producer = Map.of();
        private Map<String, Object> consumer = Map.of();
        private int replicas;
        private Set<Risk> risks = Set.of();
        private Duration timeout = Duration.ofSeconds(10);
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Limits limits = DEFAULT_LIMITS;

        private Builder(List<String> servers, String topic) {
            this.servers = servers;
            this.topic = topic;
        }

        /**
         * The folder below which views are kept; {@code .polylog/views} in the user's home where not given.
         *
         * @param wanted a folder on a disk of this machine, made where there is none
         * @return this builder
         */
        public Builder views(Path wanted) {
            this.views = wanted;
            return this;
        }

        /**
         * Settings of Kafka's clients, for all of them: how to connect and log in. They are not checked but for those that
         * the log depends on: never take them from somebody who is not trusted.
         *
         * @param wanted settings by the names that Kafka gives them
         * @return this builder
         */
        public Builder client(Map<String, ?> wanted) {
            this.client = new LinkedHashMap<>(wanted);
            return this;
        }

        /**
         * Settings of the producer besides.
         *
         * @param wanted settings by the names that Kafka gives them
         * @return this builder
         */
        public Builder producer(Map<String, ?> wanted) {
            this.producer = new LinkedHashMap<>(wanted);
            return this;
        }

        /**
         * Settings of the consumers besides.
         *
         * @param wanted settings by the names that Kafka gives them
         * @return this builder
         */
        public Builder consumer(Map<String, ?> wanted) {
            this.consumer = new LinkedHashMap<>(wanted);
            return this;
        }

        /**
         * How many replicas a topic gets that is made here, and has at least that is there: one with fewer is refused. Where
         * not given a topic gets three, or as many as there are brokers when it is made.
         *
         * @param wanted from 1 to 16, or 0 for the usual
         * @return this builder
         */
        public Builder replicas(int wanted) {
            this.replicas = wanted;
            return this;
        }

        /**
         * Set-ups that break promises and are accepted all the same; none where not given.
         *
         * @param wanted the risks that are taken
         * @return this builder
         */
        public Builder risks(Set<Risk> wanted) {
            this.risks = wanted;
            return this;
        }

        /**
         * How long a record may take to be acknowledged, and a read to become current; 10 seconds where not given.
         *
         * @param wanted from 1 second to 10 minutes
         * @return this builder
         */
        public Builder timeout(Duration wanted) {
            this.timeout = wanted;
            return this;
        }

        /**
         * How long opening may take to find the topic; 10 seconds where not given. Reading the log comes on top.
         *
         * @param wanted from 100 ms to 10 minutes
         * @return this builder
         */
        public Builder connectTimeout(Duration wanted) {
            this.connectTimeout = wanted;
            return this;
        }

        /**
         * The sizes beyond which an append is refused; 1,000 events, 100 streams, 1 MiB of payload and 256 KiB of metadata an
         * event and 4 MiB an append where not given. The topic must take records of that size.
         *
         * @param wanted the limits
         * @return this builder
         */
        public Builder limits(Limits wanted) {
            this.limits = wanted;
            return this;
        }

        /**
         * The configuration.
         *
         * @return a new configuration
         * @throws InvalidStoreUrl if anything is wrong; lists everything
         */
        public KafkaConfig build() {
            return new KafkaConfig(
                    servers,
                    topic,
                    views,
                    client,
                    producer,
                    consumer,
                    replicas,
                    risks,
                    timeout,
                    connectTimeout,
                    limits);
        }
    }
}
