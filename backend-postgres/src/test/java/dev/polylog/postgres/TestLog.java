package dev.polylog.postgres;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.servers.postgres.PostgresAccess;
import dev.polylog.servers.postgres.PostgresDatabase;
import dev.polylog.servers.postgres.PostgresServers;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.BackendTraits.Limits;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A database of a test's own, and what is open on it; everything is closed after the test or the class. */
final class TestLog implements AfterEachCallback, AfterAllCallback {

    /** Smaller than the usual ones: what is as large as they allow is written too. */
    private static final Limits LIMITS = new Limits(500, 100, 1 << 20, 64 << 10, 4 << 20);

    private final List<PostgresBackend> open = new ArrayList<>();
    private PostgresDatabase database;

    synchronized PostgresAccess access() {
        if (database == null) {
            database = PostgresServers.shared().newDatabase();
        }
        return database.access();
    }

    static PostgresConfig.Builder config(PostgresAccess access) {
        return PostgresConfig.builder(PostgresServer.of(
                        access.address().host(),
                        access.address().port(),
                        access.database(),
                        access.user(),
                        () -> access.password() == null ? "" : access.password()))
                .limits(LIMITS);
    }

    /** For the kit, which takes a store that cannot be reached for a finding: a machine may be slow to let it connect. */
    static PostgresConfig.Builder patient(PostgresAccess access) {
        return config(access).connectTimeout(Duration.ofSeconds(30));
    }

    PostgresBackend open() {
        return open(config(access()).build());
    }

    synchronized PostgresBackend open(PostgresConfig config) {
        PostgresBackend backend = PostgresBackend.open(config);
        open.add(backend);
        return backend;
    }

    void sql(String statements) throws SQLException {
        try (Connection connection = access().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        }
    }

    static AppendCommand append(String stream, ExpectedVersion expected, EventData... events) {
        return AppendCommand.of(StreamId.of(stream), expected, List.of(events));
    }

    static EventData event() {
        return EventData.json("Tested", "{\"n\":1}");
    }

    @Override
    public synchronized void afterEach(ExtensionContext context) {
        open.forEach(PostgresBackend::close);
        open.clear();
    }

    @Override
    public synchronized void afterAll(ExtensionContext context) {
        afterEach(context);
        boolean nested = context.getRequiredTestClass().getEnclosingClass() != null;
        if (database != null && !nested) {
            database.close();
            database = null;
        }
    }
}
