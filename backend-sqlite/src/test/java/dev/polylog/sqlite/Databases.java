package dev.polylog.sqlite;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** What the tests here share: looking into files by other means than the backend, and short ways to append. */
final class Databases {

    private Databases() {}

    static void execute(Path file, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static String query(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "";
        }
    }

    static EventData event(String type) {
        return EventData.json(type, "{\"n\":1}");
    }

    static AppendCommand append(String stream, ExpectedVersion expected, EventData... events) {
        return AppendCommand.of(StreamId.of(stream), expected, List.of(events));
    }

    static long position(AppendOutcome outcome) {
        return ((AppendOutcome.Appended) outcome).result().position().low();
    }
}
