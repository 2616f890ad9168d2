package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.IncompatibleLayout;
import dev.polylog.LogDiverged;
import dev.polylog.PolylogException;
import dev.polylog.Position;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.postgres.PostgresServer.Host;
import dev.polylog.servers.postgres.OwnPostgresServer;
import dev.polylog.servers.postgres.PostgresAccess;
import dev.polylog.servers.postgres.PostgresServers;
import dev.polylog.servers.postgres.StandbyPostgresServer;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.SubscriptionStatus;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What becomes of a log whose server is replaced by a standby or by an older backup (rules S-10, A-05, A-16). */
class PostgresFailoverTest {

    private static final StreamId STREAM = StreamId.of("Account-1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static PostgresConfig config(PostgresAccess... servers) {
        List<Host> hosts = Arrays.stream(servers)
                .map(access ->
                        new Host(access.address().host(), access.address().port()))
                .toList();
        PostgresAccess first = servers[0];
        PostgresServer server = new PostgresServer(
                hosts, first.database(), first.user(), () -> String.valueOf(first.password()), "disable", Map.of());
        return PostgresConfig.builder(server)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
    }

    private static void sql(PostgresAccess access, String statements) throws SQLException {
        try (Connection connection = access.connect();
                Statement statement = connection.createStatement()) {
            for (String one : statements.split(";")) {
                statement.execute(one);
            }
        }
    }

    private static long number(PostgresAccess access, String query) throws SQLException {
        try (Connection connection = access.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Subscription subscribe(EventStore store) {
        SubscriptionOptions options = SubscriptionOptions.durable("follower").from(StartFrom.beginning());
        return store.subscribe(options, event -> {});
    }

    private static void handled(Subscription subscription, Position position) {
        assertThat(subscription.awaitPosition(position, PATIENCE))
                .as("%s", subscription.status())
                .isTrue();
    }

    private static void diverges(Subscription subscription) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> subscription.status().state() == SubscriptionStatus.State.FAILED);
        assertThat(subscription.status().lastError()).isInstanceOf(LogDiverged.class);
    }

    @Test
    void a_standby_that_takes_over_is_noticed_and_subscriptions_say_so_instead_of_going_on() throws Exception {
        try (OwnPostgresServer primary = PostgresServers.own();
                StandbyPostgresServer standby = PostgresServers.standbyOf(primary, "second");
                EventStore store = EventStore.over(PostgresBackend.open(config(primary.access(), standby.access())))) {
            store.append(STREAM, ExpectedVersion.noStream(), TestLog.event(), TestLog.event());
            try (Subscription running = subscribe(store)) {
                handled(running, Position.of(2));
                Awaitility.await()
                        .atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() -> number(standby.access(), "select last_position from polylog.head") == 2);
                // The standby does not get the last event, which is acknowledged, delivered, and then lost.
                standby.kill();
                handled(
                        running,
                        store.append(STREAM, ExpectedVersion.exactly(2), TestLog.event())
                                .position());
                primary.kill();
                standby.restart();
                standby.promote();
                diverges(running);
            }
            assertThat(appendAnyhow(store, 2).version()).isEqualTo(3);
            try (Subscription again = subscribe(store)) {
                diverges(again);
            }
        }
    }

    /** The first calls may still meet the old server's end. */
    private static AppendResult appendAnyhow(EventStore store, long version) {
        EventData event = TestLog.event();
        for (int i = 0; ; i++) {
            try {
                return store.append(STREAM, ExpectedVersion.exactly(version), event);
            } catch (StoreUnavailable | AppendOutcomeUnknown e) {
                assertThat(i).isLessThan(100);
            }
        }
    }

    @Test
    void a_standby_is_refused_with_what_to_do_and_an_append_that_meets_one_wrote_nothing() throws Exception {
        try (OwnPostgresServer primary = PostgresServers.own();
                PostgresBackend backend = PostgresBackend.open(config(primary.access()));
                StandbyPostgresServer standby = PostgresServers.standbyOf(primary, "second")) {
            backend.append(TestLog.append("s", ExpectedVersion.noStream(), TestLog.event()));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> number(standby.access(), "select count(*) from polylog.log") == 1);
            assertThatThrownBy(() -> PostgresBackend.open(config(standby.access())))
                    .isInstanceOf(IncompatibleLayout.class)
                    .hasMessageContaining("is a standby, which only reads")
                    .hasMessageContaining("connect to the primary");
            try (Connection there = standby.access().connect()) {
                there.setAutoCommit(false);
                assertThatThrownBy(() ->
                                backend.append(there, TestLog.append("s", ExpectedVersion.exactly(1), TestLog.event())))
                        .isInstanceOf(PolylogException.class)
                        .hasMessageContaining("nothing was written")
                        .hasMessageContaining("25006");
            }
        }
    }

    @Test
    void an_older_backup_that_is_restored_is_noticed_once_its_epoch_is_bumped() throws Exception {
        try (OwnPostgresServer server = PostgresServers.own();
                EventStore store = EventStore.over(PostgresBackend.open(config(server.access())))) {
            store.append(STREAM, ExpectedVersion.noStream(), TestLog.event());
            try (Subscription first = subscribe(store)) {
                handled(first, Position.of(1));
            }
            sql(
                    server.access(),
                    "create schema backup; create table backup.head as table polylog.head;"
                            + "create table backup.events as table polylog.events;"
                            + "create table backup.cells as table polylog.cells");
            store.append(STREAM, ExpectedVersion.exactly(1), TestLog.event(), TestLog.event());
            try (Subscription running = subscribe(store)) {
                handled(running, Position.of(3));
                sql(
                        server.access(),
                        "begin; alter table polylog.events disable trigger append_only;"
                                + "delete from polylog.events; delete from polylog.head; delete from polylog.cells;"
                                + "insert into polylog.events table backup.events;"
                                + "insert into polylog.head table backup.head;"
                                + "insert into polylog.cells table backup.cells;"
                                + "alter table polylog.events enable trigger append_only;"
                                + "select polylog.bump_epoch(); commit;"
                                + "select pg_terminate_backend(pid) from pg_stat_activity"
                                + " where pid <> pg_backend_pid() and application_name <> '' and datname is not null");
                assertThat(appendAnyhow(store, 1).version()).isEqualTo(2);
                diverges(running);
            }
            try (Subscription again = subscribe(store)) {
                diverges(again);
            }
        }
    }

    @Test
    void a_cancelled_wait_for_a_synchronous_standby_is_an_unknown_outcome_and_no_success() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (OwnPostgresServer server = PostgresServers.own();
                PostgresBackend before = PostgresBackend.open(config(server.access()))) {
            assertThat(before.traits().durability()).isEqualTo(Durability.LOCAL);
            sql(server.access(), "alter system set synchronous_standby_names = 'missing'; select pg_reload_conf()");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> number(
                                    server.access(),
                                    "select count(*) from pg_settings where name = 'synchronous_standby_names'"
                                            + " and setting = 'missing'")
                            == 1);
            try (PostgresBackend backend = PostgresBackend.open(config(server.access()))) {
                assertThat(backend.traits().durability()).isEqualTo(Durability.REPLICATED);
                Future<AppendOutcome> waiting = threads.submit(
                        () -> backend.append(TestLog.append("s", ExpectedVersion.noStream(), TestLog.event())));
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> number(
                                        server.access(),
                                        "select count(pg_cancel_backend(pid)) from pg_stat_activity"
                                                + " where wait_event = 'SyncRep'")
                                == 1);
                assertThatThrownBy(waiting::get).cause().isInstanceOfSatisfying(AppendOutcomeUnknown.class, unknown -> {
                    assertThat(unknown).hasMessageContaining("synchronous replication");
                    sql(server, "alter system reset synchronous_standby_names; select pg_reload_conf()");
                    assertThat(unknown.resolve()).isPresent();
                });
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void sql(OwnPostgresServer server, String statements) {
        try {
            sql(server.access(), statements);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
