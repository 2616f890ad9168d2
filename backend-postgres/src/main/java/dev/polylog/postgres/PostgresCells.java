package dev.polylog.postgres;

import dev.polylog.CellOutcomeUnknown;
import dev.polylog.Payload;
import dev.polylog.postgres.PostgresFailures.Meaning;
import dev.polylog.spi.CellStore;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The cells: a table beside the log, changed by the function {@code set_cell} only. Thread-safe. Rules K-01 to K-04.
 */
final class PostgresCells implements CellStore {

    private final String address;
    private final String schema;
    private final PostgresPool pool;

    PostgresCells(PostgresConfig config, PostgresPool pool) {
        this.address = config.address();
        this.schema = PostgresLayout.quoted(config.schema());
        this.pool = pool;
    }

    @Override
    public Optional<Cell> get(String name) {
        return pool.use("reading a cell", connection -> {
            try (PreparedStatement query =
                    connection.prepareStatement("select revision, value from " + schema + ".cells where name = ?")) {
                query.setString(1, name);
                try (ResultSet row = query.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Cell(row.getLong(1), Payload.of(row.getBytes(2))))
                            : Optional.empty();
                }
            }
        });
    }

    @Override
    public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
        return pool.use(
                connection -> {
                    try (PreparedStatement call = connection.prepareStatement(
                            "select done, cell_revision from " + schema + ".set_cell(?, ?, ?)")) {
                        call.setString(1, name);
                        call.setLong(2, expectedRevision);
                        call.setBytes(3, value.toByteArray());
                        try (ResultSet row = call.executeQuery()) {
                            row.next();
                            PostgresSession.refuseWarnings(call);
                            return row.getBoolean(1)
                                    ? new SetOutcome.Done(row.getLong(2))
                                    : new SetOutcome.Mismatch(row.getLong(2));
                        }
                    }
                },
                e -> failed(name, e));
    }

    private RuntimeException failed(String name, SQLException e) {
        return PostgresFailures.of(e.getSQLState()) == Meaning.UNKNOWN
                ? new CellOutcomeUnknown(
                        address + ": it is not known whether the cell " + name + " was set: "
                                + PostgresFailures.message(e) + ". Read it to find out",
                        e)
                : PostgresFailures.known(address, "setting a cell", e);
    }
}
