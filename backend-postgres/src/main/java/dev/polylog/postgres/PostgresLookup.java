package dev.polylog.postgres;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.Position;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Looks for an append in the log by its event ids, to resolve one whose outcome was unknown.
 *
 * <p>With an exact expectation it looks at the place where the append would stand; else it searches the stream. Stateless
 * and thread-safe.
 */
final class PostgresLookup {

    private PostgresLookup() {}

    static Optional<AppendResult> find(PostgresConfig config, AppendCommand command, Connection connection)
            throws SQLException {
        String events = PostgresLayout.quoted(config.schema()) + ".events";
        String sql = "select f.version, max(e.position) from (select version from " + events
                + " where stream = ? and id = ? and (? < 0 or version - 1 = ?) order by version limit 1) f join "
                + events + " e on e.stream = ? and e.version between f.version and f.version + ? - 1"
                + " group by f.version having array_agg(e.id order by e.version) = ?";
        List<AppendResult.Written> written = new ArrayList<>();
        long position = 0;
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            for (StreamWrite write : command.writes()) {
                bind(query, write, PostgresGroup.code(command.expectations().get(write.stream())));
                try (ResultSet row = query.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    long first = row.getLong(1);
                    written.add(new AppendResult.Written(
                            write.stream(), first, first + write.events().size() - 1));
                    position = Math.max(position, row.getLong(2));
                }
            }
        }
        return Optional.of(new AppendResult(written, Position.of(position), false));
    }

    private static void bind(PreparedStatement query, StreamWrite write, long expected) throws SQLException {
        UUID[] ids = write.events().stream().map(EventData::id).toArray(UUID[]::new);
        query.setString(1, write.stream().name());
        query.setObject(2, ids[0]);
        query.setLong(3, expected);
        query.setLong(4, expected);
        query.setString(5, write.stream().name());
        query.setInt(6, ids.length);
        query.setArray(7, query.getConnection().createArrayOf("uuid", ids));
    }
}
