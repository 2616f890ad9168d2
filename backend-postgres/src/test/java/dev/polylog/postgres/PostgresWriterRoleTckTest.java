package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.ExpectedVersion;
import dev.polylog.IncompatibleLayout;
import dev.polylog.Position;
import dev.polylog.servers.postgres.PostgresAccess;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.tck.AppendTck;
import dev.polylog.tck.CellTck;
import dev.polylog.tck.IdempotencyTck;
import dev.polylog.tck.LifecycleTck;
import dev.polylog.tck.ReadAllTck;
import dev.polylog.tck.ReadStreamTck;
import dev.polylog.tck.SignalTck;
import dev.polylog.tck.TckHarness;
import dev.polylog.tck.Unreachable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The compatibility kit as a role that may only call the functions, and what such a role and a reader must not do. */
class PostgresWriterRoleTckTest implements TckHarness {

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    private static final String PASSWORD = "only-for-tests";
    private static String writer;
    private static String reader;

    @BeforeAll
    static void ownerMakesTheLogAndTheRoles() throws SQLException {
        PostgresBackend.open(TestLog.config(LOG.access()).build()).close();
        writer = LOG.access().database() + "_w";
        reader = LOG.access().database() + "_r";
        for (String role : List.of(writer, reader)) {
            LOG.sql("create role " + role + " login password '" + PASSWORD + "'");
        }
        LOG.sql(PostgresLayout.grants("polylog", writer, reader));
    }

    private static PostgresAccess as(String role) {
        return LOG.access().as(role, PASSWORD);
    }

    @Override
    public LogBackend open() {
        return PostgresBackend.open(TestLog.patient(as(writer)).build());
    }

    @Override
    public Unreachable unreachable() {
        return new Unreachable.At(
                "postgresql://app:s3cr3t-word@127.0.0.1:1/nowhere?connectTimeout=2s",
                "127.0.0.1:1",
                List.of("s3cr3t-word"));
    }

    @Test
    void a_writer_cannot_go_around_the_functions() throws SQLException {
        try (Connection connection = as(writer).connect();
                Statement statement = connection.createStatement()) {
            for (String forbidden : List.of(
                    "insert into polylog.events select 1, 1, now(), gen_random_uuid(), 's', 't', 'c', '', ''",
                    "update polylog.events set type = 'x'",
                    "delete from polylog.events",
                    "truncate polylog.events",
                    "update polylog.head set last_position = 0",
                    "delete from polylog.cells",
                    "select polylog.take_positions(1, null, null)",
                    "select polylog.bump_epoch()",
                    "create table polylog.mine (x int)")) {
                assertThatThrownBy(() -> statement.execute(forbidden))
                        .as(forbidden)
                        .hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    void a_reader_reads_and_is_told_that_it_cannot_append() {
        try (PostgresBackend backend =
                PostgresBackend.open(TestLog.config(as(reader)).build())) {
            backend.readAll(LogRead.after(Position.START, 10));
            assertThatThrownBy(() -> backend.append(TestLog.append("s", ExpectedVersion.any(), TestLog.event())))
                    .isInstanceOf(IncompatibleLayout.class)
                    .hasMessageContaining("permission denied")
                    .hasMessageContaining("grants are printed with the schema");
        }
    }

    @Nested
    class Append extends AppendTck {}

    @Nested
    class Idempotency extends IdempotencyTck {}

    @Nested
    class ReadStream extends ReadStreamTck {}

    @Nested
    class ReadAll extends ReadAllTck {}

    @Nested
    class Signal extends SignalTck {}

    @Nested
    class Cell extends CellTck {}

    @Nested
    class Lifecycle extends LifecycleTck {}
}
