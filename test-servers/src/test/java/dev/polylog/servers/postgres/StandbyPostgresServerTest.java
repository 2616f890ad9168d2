package dev.polylog.servers.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.polylog.servers.ServerFailure;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StandbyPostgresServerTest {

    private static final String TIMELINE = "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";

    private OwnPostgresServer primary;
    private StandbyPostgresServer standby;

    @BeforeEach
    void start() throws SQLException {
        primary = PostgresProcess.start(PostgresSettings.standard());
        execute(primary, "CREATE TABLE t (n int PRIMARY KEY)");
        execute(primary, "INSERT INTO t VALUES (1)");
        standby = PostgresServers.standbyOf(primary, "second");
    }

    @AfterEach
    void end() {
        standby.close();
        primary.close();
    }

    @Test
    void a_standby_follows_and_refuses_writes_until_it_is_promoted_on_a_new_timeline() throws SQLException {
        execute(primary, "INSERT INTO t VALUES (2)");
        await().untilAsserted(() -> assertThat(numbers(standby)).isEqualTo("1 2"));
        assertThatThrownBy(() -> execute(standby, "INSERT INTO t VALUES (3)")).hasMessageContaining("read-only");
        String before = PostgresQueries.ask(primary.access(), TIMELINE);
        primary.kill();
        standby.promote();
        execute(standby, "INSERT INTO t VALUES (4)");
        assertThat(numbers(standby)).isEqualTo("1 2 4");
        assertThat(PostgresQueries.ask(standby.access(), TIMELINE)).isGreaterThan(before);
        assertThatThrownBy(standby::promote).isInstanceOf(ServerFailure.class).hasMessageContaining("cannot promote");
    }

    @Test
    void a_primary_that_waits_for_its_standby_acknowledges_nothing_that_a_failover_loses() throws Exception {
        execute(primary, "ALTER SYSTEM SET synchronous_standby_names = 'second'");
        execute(primary, "SELECT pg_reload_conf()");
        await().until(() -> PostgresQueries.ask(primary.access(), "SELECT sync_state FROM pg_stat_replication")
                .equals("sync"));
        standby.pause();
        CompletableFuture<Void> insert = CompletableFuture.runAsync(this::insertTwo);
        assertThatThrownBy(() -> insert.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        standby.resume();
        insert.get(30, TimeUnit.SECONDS);
        primary.kill();
        standby.promote();
        assertThat(numbers(standby)).isEqualTo("1 2");
    }

    @Test
    void a_name_that_would_have_to_be_quoted_is_refused() {
        assertThatThrownBy(() -> PostgresServers.standbyOf(primary, "second'; --"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected up to 50 small letters");
    }

    private void insertTwo() {
        try {
            execute(primary, "INSERT INTO t VALUES (2)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String numbers(PostgresServer server) throws SQLException {
        return PostgresQueries.ask(server.access(), "SELECT string_agg(n::text, ' ' ORDER BY n) FROM t");
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        PostgresQueries.execute(server.access(), sql);
    }
}
