package dev.polylog.eventstoredb;

import static dev.polylog.eventstoredb.KurrentLog.append;
import static dev.polylog.eventstoredb.KurrentLog.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.eventstoredb.KurrentWire.Kind;
import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import dev.polylog.spi.AppendOutcome;
import io.kurrent.dbclient.KurrentDBClientSettings;
import io.kurrent.dbclient.KurrentDBConnectionString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Appends of which a subscription tells who wrote them, and what happens to them when it cannot. */
class KurrentEchoesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** So many appends in a row that are not read back cannot be by chance. */
    private static final int ROW = 20;

    /** More appends than it takes to give up a subscription that is silent. */
    private static final int MOST_SILENT = EchoCredit.MOST;

    /** So many events of one append the server takes by far. */
    private static final int MANY = 500;

    private final KurrentServer server = KurrentServers.own(KurrentVersion.V25_1);
    private final KurrentLog log = new KurrentLog();
    private final KurrentWire wire = new KurrentWire();
    private KurrentBackend backend;
    private long version;

    @BeforeEach
    void open() {
        KurrentDBClientSettings settings = KurrentDBConnectionString.parseOrThrow(server.url());
        settings.getInterceptors().add(wire);
        backend = log.open(KurrentConfig.builder(settings).build());
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        server.close();
    }

    private AppendResult write(KurrentBackend by, String stream, long expected, EventData... events) {
        AppendOutcome outcome = by.append(append(stream, ExpectedVersion.exactly(expected), events));
        return ((AppendOutcome.Appended) outcome).result();
    }

    private static EventData[] events(int count) {
        return Stream.generate(KurrentLog::event).limit(count).toArray(EventData[]::new);
    }

    private void appendNext() {
        AppendResult result = write(backend, "a", version, event());
        version++;
        assertThat(result.version()).isEqualTo(version);
        assertThat(result.repeated()).isFalse();
    }

    /** Appends until nothing is read back any more. */
    private void appendUntilHeard() {
        await().atMost(PATIENCE).until(this::isRowHeard);
    }

    private boolean isRowHeard() {
        int reads = wire.count(Kind.READ);
        for (int i = 0; i < ROW; i++) {
            appendNext();
        }
        return wire.count(Kind.READ) == reads;
    }

    @Test
    void few_appends_are_read_back_and_many_are_heard_of() {
        for (int i = 0; i < EchoCredit.FEWEST_ASKS - 1; i++) {
            appendNext();
        }
        assertThat(wire.count(Kind.SUBSCRIPTION)).isZero();
        appendUntilHeard();
        assertThat(wire.count(Kind.SUBSCRIPTION)).isEqualTo(1);
    }

    @Test
    void large_appends_of_many_at_once_are_heard_of_too() throws Exception {
        appendNext();
        int writers = 64;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                String stream = "writer-" + w;
                all.add(threads.submit(() -> {
                    for (int i = 0; i < ROW; i++) {
                        write(backend, stream, 10L * i, events(10));
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdown();
        }
        // A second one may be needed where the machine stands still for a while.
        assertThat(wire.count(Kind.SUBSCRIPTION)).isBetween(1, 2);
    }

    @Test
    void a_subscription_that_is_behind_is_waited_for_while_it_brings_something() {
        KurrentBackend other = log.open(server.url());
        appendUntilHeard();
        // Far longer than a subscription is waited for that brings nothing.
        int ahead = 40;
        wire.slowSubscriptions(Duration.ofMillis(5));
        AtomicInteger round = new AtomicInteger();
        await().atMost(PATIENCE).until(() -> {
            write(other, "ahead", (long) ahead * round.getAndIncrement(), events(ahead));
            int reads = wire.count(Kind.READ);
            appendNext();
            return wire.count(Kind.READ) == reads;
        });
    }

    @Test
    void a_repeat_of_what_another_one_wrote_is_told_while_it_is_heard_of() {
        KurrentBackend other = log.open(server.url());
        appendUntilHeard();
        for (int i = 0; i < ROW; i++) {
            EventData event = event();
            AppendResult theirs = write(other, "b", i, event);
            AppendResult ours = write(backend, "b", i, event);
            assertThat(theirs.repeated()).isFalse();
            assertThat(ours).isEqualTo(new AppendResult(theirs.streams(), theirs.position(), true));
        }
    }

    @Test
    void of_two_who_race_with_the_same_events_one_wrote_them_while_both_listen() throws Exception {
        KurrentBackend other = log.open(server.url());
        for (int i = 0; i < 3 * ROW; i++) {
            write(other, "b", i, event());
        }
        appendUntilHeard();
        ExecutorService racers = Executors.newFixedThreadPool(2);
        try {
            CyclicBarrier start = new CyclicBarrier(2);
            for (int i = 0; i < 5 * ROW; i++) {
                long expected = i;
                EventData event = event();
                List<Future<AppendResult>> results = new ArrayList<>();
                for (KurrentBackend racer : List.of(backend, other)) {
                    results.add(racers.submit(() -> {
                        start.await();
                        return write(racer, "raced", expected, event);
                    }));
                }
                AppendResult first = results.get(0).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                AppendResult second = results.get(1).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(first.repeated()).isNotEqualTo(second.repeated());
                assertThat(first.position()).isEqualTo(second.position());
            }
        } finally {
            racers.shutdown();
        }
    }

    @Test
    void what_is_heard_of_is_appended_although_the_answer_never_comes() {
        appendUntilHeard();
        wire.lose(Kind.APPEND, Kind.READ);
        for (int i = 0; i < ROW; i++) {
            appendNext();
        }
        AppendResult ten = write(backend, "ten", 0, events(10));
        assertThat(ten.version()).isEqualTo(10);
        wire.lose();
        assertThat(backend.status().watermark().head()).isEqualTo(ten.position());
    }

    @Test
    void what_was_heard_of_a_stream_before_its_deletion_says_nothing_about_later_events() throws Exception {
        appendUntilHeard();
        write(backend, "gone", 0, event(), event());
        KurrentLog.await(log.client(server.url()).deleteStream("gone"));
        AppendOutcome.Appended later =
                (AppendOutcome.Appended) backend.append(append("gone", ExpectedVersion.noStream(), event()));
        assertThat(later.result().version()).isEqualTo(3);
        assertThat(later.result().repeated()).isFalse();
    }

    @Test
    void a_subscription_that_falls_silent_is_given_up_and_another_one_begun() {
        appendUntilHeard();
        wire.lose(Kind.SUBSCRIPTION);
        for (int i = 0; i < MOST_SILENT && wire.subscriptionsEnded() == 0; i++) {
            appendNext();
        }
        assertThat(wire.subscriptionsEnded()).isEqualTo(1);
        // The next one is never confirmed, and is given up for a third.
        for (int i = 0; i < MOST_SILENT && wire.count(Kind.SUBSCRIPTION) < 3; i++) {
            appendNext();
        }
        assertThat(wire.count(Kind.SUBSCRIPTION)).isEqualTo(3);
        wire.lose();
        appendUntilHeard();
    }

    @Test
    void a_subscription_that_brings_what_others_write_is_given_up() {
        KurrentBackend other = log.open(server.url());
        appendUntilHeard();
        for (int i = 0; i < 4 * EchoCredit.MOST / MANY; i++) {
            write(other, "many", (long) i * MANY, events(MANY));
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(wire.subscriptionsEnded()).isEqualTo(1));
        appendNext();
        assertThat(wire.count(Kind.SUBSCRIPTION)).isEqualTo(1);
    }

    @Test
    void a_server_that_was_away_is_heard_again() {
        for (int round = 0; round < 3; round++) {
            appendUntilHeard();
            server.kill();
            server.restart();
            appendSurely();
        }
        appendUntilHeard();
    }

    private void appendSurely() {
        try {
            appendNext();
        } catch (AppendOutcomeUnknown e) {
            assertThat(e.resolve().orElseThrow().version()).isEqualTo(version + 1);
            version++;
        }
    }
}
