package dev.polylog.kafka;

import static dev.polylog.kafka.KafkaClusterTest.CLUSTER;
import static dev.polylog.kafka.KafkaClusterTest.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.servers.kafka.OwnKafkaServer;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.StreamRead;
import dev.polylog.tck.faults.FaultLoad;
import dev.polylog.tck.faults.SureAppend;
import dev.polylog.tck.faults.Told;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leaders that are killed, and leaders that were replaced and do not know it (rules A-05, F-02, R-04). */
abstract class ClusterLeaderChecks {

    private static final int KILLS = Integer.getInteger("polylog.leader.kills", 3);
    private static final int PAUSES = 2;
    private static final String STREAM = "led";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A leader that is paused is not asked for longer than half of it. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    /** Longer than a leader is paused: whoever is patient still asks it when it goes on. */
    private static final Duration LONG = Duration.ofSeconds(60);

    @BeforeEach
    void anotherTopic() {
        TOPIC.another();
    }

    private static OwnKafkaServer leader() {
        return CLUSTER.cluster().leader(TOPIC.name(), 0);
    }

    private static void awaitInSync() {
        CLUSTER.cluster().awaitInSync(TOPIC.name(), 0);
    }

    @Test
    void a_leader_that_is_killed_again_and_again_loses_doubles_and_tears_nothing() throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        Random random = new Random(seed);
        KafkaConfig config = TOPIC.config().timeout(SHORT).build();
        KafkaBackend one = TOPIC.open(config);
        KafkaBackend two = TOPIC.open(config);
        try (EventStore follower = EventStore.over(TOPIC.open(config));
                FaultLoad load = FaultLoad.begin(seed, follower, List.of(one, two, one, two, one, two))) {
            for (int kills = 0; kills < KILLS; kills++) {
                awaitMore(one);
                Thread.sleep(random.nextInt(100));
                OwnKafkaServer killed = leader();
                killed.kill();
                assertThat(leader()).as("who leads now").isNotSameAs(killed);
                awaitMore(one);
                killed.restart();
                awaitInSync();
            }
            load.judge(one, two);
        }
        // Every read has written a barrier; it is in both views when nobody reads any more.
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            ViewStatus first = one.viewStatus();
            ViewStatus second = two.viewStatus();
            assertThat(second.nextOffset()).isEqualTo(first.nextOffset());
            assertThat(second.hash()).as("seed %d", seed).isEqualTo(first.hash());
        });
    }

    /** Waits until the log has grown by some records. */
    private static void awaitMore(KafkaBackend backend) {
        long next = backend.viewStatus().nextOffset();
        Awaitility.await().atMost(PATIENCE).until(() -> backend.viewStatus().nextOffset() > next + 20);
    }

    @Test
    void a_view_is_still_one_of_the_log_after_others_have_led_it() {
        KafkaBackend one = TOPIC.open();
        KafkaBackend two = TOPIC.open();
        long version = append(two, 0, TestTopic.event()); // comes to the view of one with the epoch of the first leader
        version = append(one, version, TestTopic.event());
        OwnKafkaServer first = leader();
        first.stop();
        assertThat(leader()).isNotSameAs(first);
        EventData[] events = new EventData[100];
        for (int i = 0; i < 60; i++) { // more than a view keeps in memory when it is closed
            Arrays.setAll(events, n -> TestTopic.event());
            version = append(one, version, events);
        }
        List<RecordedEvent> log = log(one);
        LogStatus status = one.status();
        first.restart();
        awaitInSync();
        one.close();
        two.close();
        KafkaBackend again = TOPIC.open();
        assertThat(again.status()).isEqualTo(status);
        assertThat(log(again)).isEqualTo(log);
    }

    @Test
    void a_leader_that_was_replaced_and_does_not_know_it_is_not_believed() throws Exception {
        KafkaBackend patient = TOPIC.open(TOPIC.config().timeout(LONG).build());
        KafkaBackend other = TOPIC.open(TOPIC.config().timeout(SHORT).build());
        long version = append(other, 0, TestTopic.event());
        for (int pause = 0; pause < PAUSES; pause++) {
            assertThat(version(patient)).hasValue(version);
            OwnKafkaServer paused = leader();
            paused.pause();
            assertThat(leader()).isNotSameAs(paused);
            version = append(other, version, TestTopic.event());
            long acknowledged = version;
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Integer> reads = CompletableFuture.supplyAsync(() -> reads(patient, acknowledged, over));
            Thread.sleep(200); // the first read is under way to the paused leader
            paused.resume();
            awaitInSync();
            over.set(true);
            assertThat(reads.get()).as("reads that were answered").isPositive();
        }
    }

    /** Reads until it is over and one was answered; every answer has what was acknowledged before. */
    private static int reads(LogBackend backend, long acknowledged, AtomicBoolean over) {
        int answers = 0;
        while (!over.get() || answers == 0) {
            OptionalLong version = version(backend);
            if (version.isPresent()) {
                assertThat(version).hasValue(acknowledged);
                answers++;
            }
        }
        return answers;
    }

    @Test
    void records_that_were_acknowledged_are_not_lost_to_a_view_whose_reader_still_asks_who_led_before() {
        // The tail waits for the paused leader, and asks it for records that another one has acknowledged.
        KafkaBackend backend = TOPIC.open(TOPIC.config()
                .timeout(SHORT)
                .consumer(Map.of("request.timeout.ms", (int) LONG.toMillis()))
                .build());
        long version = append(backend, 0, TestTopic.event());
        for (int pause = 0; pause < PAUSES; pause++) {
            OwnKafkaServer paused = leader();
            paused.pause();
            for (int i = 0; i < 5; i++) {
                version = append(backend, version, TestTopic.event());
            }
            paused.resume();
            awaitInSync();
            long expected = version;
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(version(backend)).hasValue(expected));
        }
    }

    /** Appends until it did. */
    private static long append(LogBackend backend, long version, EventData... events) {
        Told told;
        do {
            told = SureAppend.append(backend, TestTopic.append(STREAM, ExpectedVersion.exactly(version), events));
        } while (!told.written());
        return version + events.length;
    }

    private static List<RecordedEvent> log(LogBackend backend) {
        return EventStore.over(backend).readAll().toList();
    }

    /** The stream's version as a read tells; empty where the log cannot be read now. */
    private static OptionalLong version(LogBackend backend) {
        try {
            return OptionalLong.of(backend.readStream(StreamRead.forwards(StreamId.of(STREAM), 1, 1))
                    .streamVersion());
        } catch (StoreUnavailable e) {
            return OptionalLong.empty();
        }
    }
}
