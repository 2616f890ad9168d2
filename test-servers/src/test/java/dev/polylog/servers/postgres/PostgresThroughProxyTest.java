package dev.polylog.servers.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.polylog.servers.proxy.Ending;
import dev.polylog.servers.proxy.FaultPlan;
import dev.polylog.servers.proxy.FaultProxy;
import dev.polylog.servers.proxy.Faults;
import dev.polylog.servers.proxy.Traffic;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresThroughProxyTest {

    private PostgresDatabase database;
    private FaultProxy proxy;
    private PostgresAccess access;

    @BeforeAll
    void createDatabase() {
        database = PostgresServers.shared().newDatabase();
    }

    @AfterAll
    void dropDatabase() {
        database.close();
    }

    @BeforeEach
    void emptyTable() throws SQLException {
        PostgresQueries.execute(database.access(), "DROP TABLE IF EXISTS t");
        PostgresQueries.execute(database.access(), "CREATE TABLE t (n int PRIMARY KEY)");
        proxy = FaultProxy.to(PostgresServers.shared());
        access = database.access().through(proxy.address());
    }

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    @Test
    void a_statement_of_which_a_byte_is_missing_is_never_committed() throws SQLException {
        long length = statementLength();
        assertThat(length).isBetween(20L, 300L);
        for (int bytes = 0; bytes < length; bytes++) {
            insertCutAfter(FaultPlan.toServer(Faults.none().cut(bytes, Ending.RESET)), 1000 + bytes);
        }
        assertThat(PostgresQueries.ask(database.access(), "SELECT count(*) FROM t WHERE n >= 1000"))
                .isEqualTo("0");
    }

    @Test
    void a_statement_whose_answer_is_lost_is_committed_all_the_same() throws SQLException {
        insertCutAfter(FaultPlan.toClient(Faults.none().cut(0, Ending.BLACK_HOLE)), 1);
        insertCutAfter(FaultPlan.toClient(Faults.none().cut(1, Ending.RESET)), 2);
        await().until(() -> PostgresQueries.ask(database.access(), "SELECT string_agg(n::text, ' ' ORDER BY n) FROM t")
                .equals("1 2"));
    }

    /** One statement on a new connection, which must fail; the plan is in force for the statement only. */
    private void insertCutAfter(FaultPlan plan, int number) throws SQLException {
        proxy.plan(FaultPlan.none());
        try (Connection connection = access.connect();
                Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 2_000);
            proxy.plan(plan);
            assertThatThrownBy(() -> statement.execute("INSERT INTO t VALUES (" + number + ")"))
                    .as("%s", plan)
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08006"));
        }
    }

    private long statementLength() throws SQLException {
        try (Connection connection = access.connect();
                Statement statement = connection.createStatement()) {
            long before = traffic().toServer();
            statement.execute("INSERT INTO t VALUES (1000)");
            long after = traffic().toServer();
            statement.execute("DELETE FROM t");
            return after - before;
        }
    }

    private Traffic traffic() {
        return proxy.traffic().get(proxy.traffic().size() - 1);
    }
}
