package dev.polylog.sqlite;

import dev.polylog.CellOutcomeUnknown;
import dev.polylog.Payload;
import dev.polylog.spi.CellStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cells: a table beside the log, written in the same transactions as events, so that many checkpoints cost one
 * commit.
 *
 * <p>Thread-safe. Chapter K.
 */
final class SqliteCells implements CellStore {

    private static final String GET = "select revision, value from polylog_cells where name = ?";
    private static final String INSERT = "insert into polylog_cells (revision, value, name) values (?, ?, ?)";
    private static final String UPDATE = "update polylog_cells set revision = ?, value = ? where name = ?";

    private final SqliteWriter writer;
    private final SqliteReaders readers;

    SqliteCells(SqliteWriter writer, SqliteReaders readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public Optional<Cell> get(String name) {
        return readers.read(session -> {
            PreparedStatement select = session.statement(GET);
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Cell(rows.getLong(1), Payload.of(rows.getBytes(2))))
                        : Optional.<Cell>empty();
            }
        });
    }

    @Override
    public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
        if (value.size() > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException("the cell's value has " + value.size() + " bytes; at most "
                    + MAX_VALUE_BYTES + " are allowed; nothing was set");
        }
        Setting work = new Setting(name, expectedRevision, value);
        writer.write(work);
        return work.outcome();
    }

    /** A compare-and-set on its way through a transaction. */
    private static final class Setting implements SqliteWork {

        private final String name;
        private final long expectedRevision;
        private final Payload value;
        private @Nullable SetOutcome outcome;

        Setting(String name, long expectedRevision, Payload value) {
            this.name = name;
            this.expectedRevision = expectedRevision;
            this.value = value;
        }

        @Override
        public Effect carryOut(SqliteTransaction transaction) throws SQLException {
            long actual = revision(transaction.session());
            if (actual != expectedRevision) {
                outcome = new SetOutcome.Mismatch(actual);
                return Effect.NOTHING;
            }
            PreparedStatement set = transaction.session().statement(actual == 0 ? INSERT : UPDATE);
            set.setLong(1, actual + 1);
            set.setBytes(2, value.toByteArray());
            set.setString(3, name);
            set.executeUpdate();
            outcome = new SetOutcome.Done(actual + 1);
            return Effect.WRITTEN;
        }

        private long revision(SqliteSession session) throws SQLException {
            PreparedStatement select = session.statement("select revision from polylog_cells where name = ?");
            select.setString(1, name);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }

        @Override
        public RuntimeException unknown(SQLException cause) {
            return new CellOutcomeUnknown(
                    "it is not known whether the cell was set: COMMIT failed: " + cause.getMessage()
                            + ". Read the cell to find out",
                    cause);
        }

        SetOutcome outcome() {
            SetOutcome decided = outcome;
            if (decided == null) {
                throw new IllegalStateException("a cell was committed without an outcome");
            }
            return decided;
        }
    }
}
