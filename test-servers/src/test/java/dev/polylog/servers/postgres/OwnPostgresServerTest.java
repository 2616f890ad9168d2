package dev.polylog.servers.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.polylog.servers.ProcessServer;
import dev.polylog.servers.ServerState;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnPostgresServerTest {

    private OwnPostgresServer server;

    @BeforeAll
    void start() {
        server = PostgresServers.own();
    }

    @AfterAll
    void end() {
        server.close();
    }

    @BeforeEach
    void emptyTable() throws SQLException {
        if (server.state() != ServerState.RUNNING) {
            server.restart();
        }
        execute("DROP TABLE IF EXISTS t");
        execute("CREATE TABLE t (n bigint PRIMARY KEY)");
    }

    @Test
    void it_writes_through_to_the_disk() throws SQLException {
        assertThat(ask("SHOW fsync")).isEqualTo("on");
        assertThat(ask("SHOW synchronous_commit")).isEqualTo("on");
        assertThat(ask("SHOW full_page_writes")).isEqualTo("on");
    }

    @Test
    void nobody_enters_without_the_password_and_no_text_shows_it() {
        PostgresAccess access = server.access();
        assertThatThrownBy(() -> access.as(access.user(), "wrong").connect())
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
        assertThat(access + access.url() + access.jdbcUrl() + server).doesNotContain(access.password());
    }

    @Test
    void a_killed_server_leaves_no_process_and_keeps_every_commit_that_it_acknowledged() throws Exception {
        for (int round = 0; round < 3; round++) {
            AtomicLong acknowledged = new AtomicLong(Long.parseLong(ask("SELECT count(*) FROM t")));
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeUntilTheServerFails(acknowledged));
            long enough = acknowledged.get() + 20;
            await().until(() -> acknowledged.get() >= enough || writer.isDone());
            List<Long> ids = server instanceof PostgresProcess process ? process.ids() : List.of();
            server.kill();
            writer.get(30, TimeUnit.SECONDS);
            assertThat(ids).allMatch(ProcessServer::gone);
            assertThat(server.state()).isEqualTo(ServerState.STOPPED);
            server.restart();
            long stored = Long.parseLong(ask("SELECT count(*) FROM t"));
            assertThat(stored).isBetween(acknowledged.get(), acknowledged.get() + 1);
            assertThat(ask("SELECT coalesce(max(n), 0) FROM t")).isEqualTo(Long.toString(stored));
        }
    }

    @Test
    void a_paused_server_answers_nobody_and_then_goes_on_where_it_was() throws Exception {
        try (Connection connection = server.access().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO t VALUES (1)");
            server.pause();
            CompletableFuture<Integer> insert = CompletableFuture.supplyAsync(() -> update(statement, 2));
            assertThatThrownBy(() -> insert.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(server.state()).isEqualTo(ServerState.PAUSED);
            server.resume();
            assertThat(insert.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        }
        assertThat(ask("SELECT string_agg(n::text, ' ' ORDER BY n) FROM t")).isEqualTo("1 2");
    }

    @Test
    void a_stop_disconnects_the_clients_and_a_restart_keeps_the_data_and_the_port() throws Exception {
        int port = server.address().port();
        execute("INSERT INTO t VALUES (7)");
        try (Connection connection = server.access().connect()) {
            server.stop();
            assertThatThrownBy(() -> connection.createStatement().execute("SELECT 1"))
                    .isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> server.access().connect())
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"));
        server.restart();
        assertThat(server.address().port()).isEqualTo(port);
        assertThat(ask("SELECT n FROM t")).isEqualTo("7");
    }

    @Test
    void a_paused_server_can_be_killed() throws SQLException {
        execute("INSERT INTO t VALUES (9)");
        server.pause();
        server.kill();
        server.restart();
        assertThat(ask("SELECT n FROM t")).isEqualTo("9");
    }

    @Test
    void a_verb_that_does_not_fit_the_state_says_so() {
        assertThatThrownBy(server::resume)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cannot resume")
                .hasMessageContaining("it is RUNNING, expected one of [PAUSED]");
    }

    @Test
    void several_servers_run_beside_each_other_and_a_closed_one_does_not_come_back() throws SQLException {
        try (OwnPostgresServer other =
                PostgresServers.own(PostgresSettings.standard().with("max_connections", "11"))) {
            assertThat(other.address()).isNotEqualTo(server.address());
            assertThat(PostgresQueries.ask(other.access(), "SHOW max_connections"))
                    .isEqualTo("11");
            assertThat(ask("SHOW max_connections")).isEqualTo("120");
            other.close();
            assertThat(other.state()).isEqualTo(ServerState.CLOSED);
            assertThatThrownBy(other::restart).hasMessageContaining("it is CLOSED");
        }
    }

    @Test
    void a_server_that_does_not_start_says_why_and_leaves_nothing() {
        PostgresSettings wrong = PostgresSettings.standard().with("max_connections", "many");
        assertThatThrownBy(() -> PostgresServers.own(wrong))
                .hasMessageContaining("ended while starting")
                .hasMessageContaining("invalid value for parameter \"max_connections\": \"many\"");
    }

    @Test
    void each_new_database_is_empty_and_goes_when_it_is_closed() throws SQLException {
        PostgresAccess gone;
        try (PostgresDatabase one = server.newDatabase();
                PostgresDatabase two = server.newDatabase()) {
            PostgresQueries.execute(one.access(), "CREATE TABLE only_here (n int)");
            assertThatThrownBy(() -> PostgresQueries.ask(two.access(), "SELECT * FROM only_here"))
                    .hasMessageContaining("does not exist");
            gone = one.access();
        }
        assertThatThrownBy(gone::connect)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("3D000"));
    }

    private void writeUntilTheServerFails(AtomicLong acknowledged) {
        try (Connection connection = server.access().connect();
                Statement statement = connection.createStatement()) {
            while (true) {
                statement.executeUpdate("INSERT INTO t SELECT coalesce(max(n), 0) + 1 FROM t");
                acknowledged.incrementAndGet();
            }
        } catch (SQLException killed) {
            assertThat(killed.getSQLState()).isIn("08006", "57P01", "57P02");
        }
    }

    private static int update(Statement statement, int number) {
        try {
            return statement.executeUpdate("INSERT INTO t VALUES (" + number + ")");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private String ask(String sql) throws SQLException {
        return PostgresQueries.ask(server.access(), sql);
    }

    private void execute(String sql) throws SQLException {
        PostgresQueries.execute(server.access(), sql);
    }
}
