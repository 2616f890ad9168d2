package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.ExpectedVersion;
import dev.polylog.IncompatibleLayout;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Positions become visible in their order, whoever commits late, and what makes that so. */
class PostgresOrderTest {

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    private static List<Long> positions(LogSlice slice) {
        return slice.events().stream()
                .map(RecordedEvent::position)
                .map(Position::low)
                .toList();
    }

    private Connection transaction() throws SQLException {
        Connection connection = LOG.access().connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private static long waiting(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_stat_activity"
                        + " where wait_event_type = 'Lock' and datname = current_database()")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void who_appends_beside_an_open_transaction_waits_and_no_reader_skips_what_commits_late() throws Exception {
        PostgresBackend backend = LOG.open();
        PostgresBackend other = LOG.open();
        long before = backend.status().watermark().head().low();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Connection slow = transaction();
                Connection observer = LOG.access().connect()) {
            AppendOutcome first = backend.append(slow, TestLog.append("slow", ExpectedVersion.any(), TestLog.event()));
            Future<AppendOutcome> own =
                    threads.submit(() -> backend.append(TestLog.append("own", ExpectedVersion.any(), TestLog.event())));
            Future<AppendOutcome> others =
                    threads.submit(() -> other.append(TestLog.append("other", ExpectedVersion.any(), TestLog.event())));
            Awaitility.await().until(() -> waiting(observer) == 2);

            LogSlice meanwhile = backend.readAll(LogRead.after(Position.of(before), 10));
            assertThat(meanwhile.events()).isEmpty();
            assertThat(meanwhile.lookedUpTo()).isEqualTo(Position.of(before));
            assertThat(meanwhile.atHead()).isTrue();

            slow.commit();
            assertThat(((AppendOutcome.Appended) first).result().position()).isEqualTo(Position.of(before + 1));
            own.get();
            others.get();
            assertThat(positions(backend.readAll(LogRead.after(meanwhile.lookedUpTo(), 10))))
                    .containsExactly(before + 1, before + 2, before + 3);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void what_a_transaction_gives_up_leaves_no_gap() throws Exception {
        PostgresBackend backend = LOG.open();
        long before = backend.status().watermark().head().low();
        try (Connection slow = transaction()) {
            backend.append(slow, TestLog.append("given-up", ExpectedVersion.noStream(), TestLog.event()));
            slow.rollback();
        }
        backend.append(TestLog.append("kept", ExpectedVersion.any(), TestLog.event()));
        assertThat(positions(backend.readAll(LogRead.after(Position.of(before), 10))))
                .containsExactly(before + 1);
    }

    @Test
    void who_waits_too_long_is_told_and_has_written_nothing() throws Exception {
        PostgresBackend backend = LOG.open();
        PostgresBackend impatient = LOG.open(
                TestLog.config(LOG.access()).lockTimeout(Duration.ofMillis(200)).build());
        try (Connection slow = transaction()) {
            backend.append(slow, TestLog.append("holder", ExpectedVersion.any(), TestLog.event()));
            assertThatThrownBy(() ->
                            impatient.append(TestLog.append("impatient", ExpectedVersion.noStream(), TestLog.event())))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("nothing was written")
                    .hasMessageContaining("lock timeout")
                    .hasMessageContaining("held by");
            slow.commit();
        }
        assertThat(impatient.append(TestLog.append("impatient", ExpectedVersion.noStream(), TestLog.event())))
                .isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void an_append_with_another_isolation_is_refused_because_it_would_not_see_what_it_waited_for() throws Exception {
        PostgresBackend backend = LOG.open();
        for (int level : List.of(Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE)) {
            try (Connection connection = LOG.access().connect()) {
                connection.setTransactionIsolation(level);
                connection.setAutoCommit(false);
                assertThatThrownBy(() ->
                                backend.append(connection, TestLog.append("s", ExpectedVersion.any(), TestLog.event())))
                        .isInstanceOf(IncompatibleLayout.class)
                        .hasMessageContaining("read committed");
            }
        }
    }

    @Test
    void appends_work_where_the_role_prefers_another_isolation_and_asynchronous_commits() throws Exception {
        String role = LOG.access().database() + "_iso";
        LOG.sql("create role " + role + " login superuser password 'p';"
                + " alter role " + role + " set default_transaction_isolation = 'repeatable read';"
                + " alter role " + role + " set synchronous_commit = off");
        PostgresBackend one =
                LOG.open(TestLog.config(LOG.access().as(role, "p")).build());
        PostgresBackend two =
                LOG.open(TestLog.config(LOG.access().as(role, "p")).build());
        for (int i = 0; i < 5; i++) {
            assertThat(one.append(TestLog.append("iso", ExpectedVersion.any(), TestLog.event())))
                    .isInstanceOf(AppendOutcome.Appended.class);
            assertThat(two.append(TestLog.append("iso", ExpectedVersion.any(), TestLog.event())))
                    .isInstanceOf(AppendOutcome.Appended.class);
        }
    }

    @Test
    void an_append_commits_synchronously_whatever_the_transaction_had_asked_for() throws Exception {
        PostgresBackend backend = LOG.open();
        try (Connection connection = transaction();
                Statement statement = connection.createStatement()) {
            statement.execute("set synchronous_commit = off");
            backend.append(connection, TestLog.append("sync", ExpectedVersion.any(), TestLog.event()));
            try (ResultSet row = statement.executeQuery("show synchronous_commit")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("on");
            }
            connection.rollback();
        }
    }

    @Test
    void a_conflict_leaves_the_rest_of_the_transaction_as_durable_as_an_append() throws Exception {
        PostgresBackend backend = LOG.open();
        try (Connection connection = transaction();
                Statement statement = connection.createStatement()) {
            statement.execute("set local synchronous_commit = remote_apply");
            assertThat(backend.append(connection, TestLog.append("none", ExpectedVersion.exactly(7), TestLog.event())))
                    .isInstanceOf(AppendOutcome.Conflict.class);
            try (ResultSet row = statement.executeQuery("show synchronous_commit")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("remote_apply");
            }
            connection.rollback();
        }
    }

    @Test
    void one_statement_that_locks_and_looks_does_not_see_what_it_waited_for() throws Exception {
        PostgresBackend backend = LOG.open();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Connection slow = transaction();
                Connection trap = LOG.access().connect();
                Connection observer = LOG.access().connect()) {
            backend.append(slow, TestLog.append("trap", ExpectedVersion.noStream(), TestLog.event()));
            Future<Long> seen = threads.submit(() -> {
                try (Statement statement = trap.createStatement();
                        ResultSet row = statement.executeQuery("with locked as (select from polylog.head for update)"
                                + " select (select count(*) from polylog.events where stream = 'trap') from locked")) {
                    row.next();
                    return row.getLong(1);
                }
            });
            Awaitility.await().until(() -> waiting(observer) == 1);
            slow.commit();
            // This is why the functions lock in a statement of their own: the append above sees the event.
            assertThat(seen.get()).isZero();
            assertThat(backend.append(TestLog.append("trap", ExpectedVersion.noStream(), TestLog.event())))
                    .isInstanceOf(AppendOutcome.Conflict.class);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void a_connection_that_commits_by_itself_is_no_transaction_to_append_in() throws Exception {
        PostgresBackend backend = LOG.open();
        try (Connection connection = LOG.access().connect()) {
            assertThatThrownBy(() ->
                            backend.append(connection, TestLog.append("s", ExpectedVersion.any(), TestLog.event())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("setAutoCommit(false)");
        }
    }
}
