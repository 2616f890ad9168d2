package dev.polylog.eventstoredb;

import static dev.polylog.eventstoredb.KurrentLog.append;
import static dev.polylog.eventstoredb.KurrentLog.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.servers.kurrentdb.KurrentCluster;
import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.StreamRead;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are killed, paused and slow, and leaders that move. */
class KurrentFaultTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KurrentLog log = new KurrentLog();

    @AfterEach
    void close() throws Exception {
        log.close();
    }

    private static String quick(String url) {
        return url + "&discoveryInterval=20&timeout=2s";
    }

    private static long version(KurrentBackend backend, String stream) {
        return backend.readStream(StreamRead.backwards(StreamId.of(stream), Long.MAX_VALUE, 1))
                .streamVersion();
    }

    @Test
    void what_was_acknowledged_before_a_kill_is_there_and_appending_goes_on(@TempDir Path folder) {
        try (KurrentServer server = KurrentServers.durable(KurrentVersion.V25_1, folder.resolve("log"))) {
            KurrentBackend backend = log.open(quick(server.url()));
            for (int round = 0; round < 10; round++) {
                assertThat(backend.append(append("a", ExpectedVersion.exactly(round), event())))
                        .isInstanceOf(AppendOutcome.Appended.class);
                server.kill();
                server.restart();
                assertThat(version(backend, "a")).isEqualTo(round + 1);
            }
        }
    }

    @Test
    void a_server_that_is_away_is_unavailable_and_nothing_is_written(@TempDir Path folder) {
        try (KurrentServer server = KurrentServers.durable(KurrentVersion.V25_1, folder.resolve("log"))) {
            KurrentBackend backend = log.open(quick(server.url()));
            backend.append(append("a", ExpectedVersion.noStream(), event()));
            server.kill();
            // The first call may find the connection broken on the way; from then on nobody is there.
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> version(backend, "a")).isInstanceOf(StoreUnavailable.class);
            }
            assertThatThrownBy(() -> backend.append(append("a", ExpectedVersion.exactly(1), event())))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("nothing was written");
            server.restart();
            assertThat(backend.append(append("a", ExpectedVersion.exactly(1), event())))
                    .isInstanceOf(AppendOutcome.Appended.class);
        }
    }

    @Test
    void an_append_to_a_paused_server_is_in_doubt_and_the_doubt_is_resolved() {
        try (KurrentServer server = KurrentServers.own(KurrentVersion.V25_1)) {
            KurrentBackend backend = log.open(quick(server.url()));
            KurrentBackend other = log.open(server.url());
            backend.append(append("a", ExpectedVersion.noStream(), event()));
            server.pause();
            EventData event = event();
            AppendOutcomeUnknown unknown = catchThrowableOfType(
                    AppendOutcomeUnknown.class, () -> backend.append(append("a", ExpectedVersion.exactly(1), event)));
            assertThatThrownBy(unknown::resolve).isInstanceOf(StoreUnavailable.class);
            server.resume();
            Optional<AppendResult> result = unknown.resolve();
            assertThat(result.orElseThrow().version()).isEqualTo(2);
            // The late attempts arrive, or have arrived, and write nothing more.
            assertThat(other.append(append("a", ExpectedVersion.exactly(2), event())))
                    .isInstanceOf(AppendOutcome.Appended.class);
            assertThat(version(other, "a")).isEqualTo(3);
            AppendOutcome.Appended again =
                    (AppendOutcome.Appended) backend.append(append("a", ExpectedVersion.exactly(1), event));
            assertThat(again.result().repeated()).isTrue();
        }
    }

    @Test
    void an_append_in_doubt_whose_place_others_took_was_not_written() {
        try (KurrentServer server = KurrentServers.own(KurrentVersion.V23_10)) {
            KurrentBackend backend = log.open(quick(server.url()) + "&keepAliveInterval=10000");
            KurrentBackend other = log.open(server.url());
            backend.append(append("a", ExpectedVersion.noStream(), event()));
            server.pause();
            AppendOutcomeUnknown unknown = catchThrowableOfType(
                    AppendOutcomeUnknown.class, () -> backend.append(append("a", ExpectedVersion.exactly(1), event())));
            // The server ends without having done what it was sent.
            server.kill();
            server.restart();
            other.append(append("a", ExpectedVersion.exactly(1), event()));
            assertThat(unknown.resolve()).isEmpty();
            assertThat(unknown.resolve()).isEmpty();
            assertThat(version(other, "a")).isEqualTo(2);
        }
    }

    @Test
    void a_slow_server_is_waited_for() {
        try (KurrentServer server = KurrentServers.own(KurrentVersion.V25_1)) {
            KurrentBackend backend = log.open(quick(server.url()));
            server.slow(Duration.ofMillis(300));
            assertThat(backend.append(append("a", ExpectedVersion.noStream(), event())))
                    .isInstanceOf(AppendOutcome.Appended.class);
        }
    }

    @Test
    void the_leader_is_found_again_when_it_moved_and_when_it_died() {
        for (KurrentVersion kind : KurrentVersion.values()) {
            try (KurrentCluster cluster = KurrentServers.cluster(kind)) {
                KurrentBackend backend = log.open(quick(cluster.url()));
                EventData first = event();
                backend.append(append("a", ExpectedVersion.noStream(), first));
                cluster.moveLeader();
                appendSurely(backend, 1);
                cluster.killLeader();
                appendSurely(backend, 2);
                cluster.revive();
                cluster.moveLeader();
                AppendOutcome.Appended again =
                        (AppendOutcome.Appended) backend.append(append("a", ExpectedVersion.noStream(), first));
                assertThat(again.result().repeated()).isTrue();
                assertThat(version(backend, "a")).isEqualTo(3);
            }
        }
    }

    private static void appendSurely(KurrentBackend backend, long version) {
        try {
            assertThat(backend.append(append("a", ExpectedVersion.exactly(version), event())))
                    .isInstanceOf(AppendOutcome.Appended.class);
        } catch (AppendOutcomeUnknown e) {
            assertThat(e.resolve().orElseThrow().version()).isEqualTo(version + 1);
        }
    }

    @Test
    void without_a_leader_appends_fail_and_say_so() {
        try (KurrentCluster cluster = KurrentServers.cluster(KurrentVersion.V25_1)) {
            KurrentBackend backend = log.open(quick(cluster.url()));
            cluster.loseLeader();
            assertThatThrownBy(() -> backend.append(append("a", ExpectedVersion.noStream(), event())))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("nothing was written");
            cluster.moveLeader();
            appendSurely(backend, 0);
        }
    }

    @Test
    void a_node_that_follows_and_is_named_alone_is_refused_with_advice() {
        try (KurrentCluster cluster = KurrentServers.cluster(KurrentVersion.V25_1)) {
            String follower = "kurrentdb://" + cluster.node(1) + "?tls=false&discoveryInterval=20&timeout=2s";
            assertThatThrownBy(() -> KurrentBackend.open(KurrentConfig.parse(BackendUrl.parse(follower))))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("+discover");
        }
    }

    @Test
    void a_subscription_goes_on_after_kills_pauses_and_moves(@TempDir Path folder) {
        List<RecordedEvent> delivered = new CopyOnWriteArrayList<>();
        try (KurrentServer server = KurrentServers.durable(KurrentVersion.V23_10, folder.resolve("log"))) {
            EventStore store = EventStore.over(log.open(quick(server.url())));
            KurrentBackend writer = log.open(quick(server.url()));
            try (Subscription subscription =
                    store.subscribe(SubscriptionOptions.ephemeral().from(StartFrom.beginning()), delivered::add)) {
                for (int round = 0; round < 4; round++) {
                    appendSurely(writer, round);
                    int expected = round + 1;
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(delivered)
                                    .as("%s", subscription.status())
                                    .hasSize(expected));
                    if (round % 2 == 0) {
                        server.kill();
                        server.restart();
                    } else {
                        server.pause();
                        server.resume();
                    }
                }
            }
        }
    }

    @Test
    void nothing_is_left_of_two_hundred_rounds_of_kills() {
        try (KurrentServer server = KurrentServers.own(KurrentVersion.V25_1)) {
            KurrentBackend backend = log.open(quick(server.url()));
            long before = KurrentLog.clientThreads();
            for (int round = 0; round < 200; round++) {
                server.kill();
                server.restart();
                appendSurely(backend, round);
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(KurrentLog.clientThreads()).isLessThanOrEqualTo(before + 1));
            assertThat(version(backend, "a")).isEqualTo(200);
        }
    }
}
