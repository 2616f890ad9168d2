package dev.polylog.bench;

import dev.polylog.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What somebody would write who has PostgreSQL and no library: the classic table of events, a connection a writer, one
 * transaction an append, synchronous commits.
 *
 * <p>Thread-safe. Closing it drops its schema.
 */
final class PostgresBaseline implements Contender {

    /** How several events of one append travel. */
    enum Batches {
        /** As a JDBC batch: one statement an event, all in one round trip. */
        PLAIN,
        /** As a JDBC batch that the driver rewrites into INSERTs of many rows. */
        REWRITTEN
    }

    private final PostgresServer server;
    private final String schema;
    private final Batches batches;

    PostgresBaseline(PostgresServer server, String schema, Batches batches) throws SQLException {
        this.server = server;
        this.schema = schema;
        this.batches = batches;
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // Processes that take part in one run share it.
            statement.execute("create schema if not exists " + schema);
            statement.execute("create table if not exists " + schema
                    + ".events (global bigserial primary key, stream text not null,"
                    + " version bigint not null, id uuid not null, type text not null, data jsonb not null,"
                    + " metadata jsonb not null, created_at timestamptz not null default now(),"
                    + " unique (stream, version))");
        }
    }

    private Connection connect() throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(
                server.hosts().stream().map(PostgresServer.Host::name).toArray(String[]::new));
        source.setPortNumbers(
                server.hosts().stream().mapToInt(PostgresServer.Host::port).toArray());
        source.setDatabaseName(server.database());
        source.setUser(server.user());
        if (server.password() != null) {
            source.setPassword(server.password().get());
        }
        for (Map.Entry<String, String> option : server.options().entrySet()) {
            source.setProperty(option.getKey(), option.getValue());
        }
        source.setSslMode(server.tls());
        source.setReWriteBatchedInserts(batches == Batches.REWRITTEN);
        return asDurable(source.getConnection());
    }

    private static Connection asDurable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show synchronous_commit")) {
            row.next();
            if (!row.getString(1).matches("on|remote_apply")) {
                throw new SQLException("the baseline would not be as durable as the store: synchronous_commit is "
                        + row.getString(1) + ", expected on");
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public String description() {
        return batches == Batches.PLAIN
                ? "plain JDBC, a connection a writer"
                : "plain JDBC, a connection a writer, rewritten batches";
    }

    @Override
    public Session session() throws SQLException {
        return new PostgresSession(connect(), schema);
    }

    @Override
    public void close() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("drop schema " + schema + " cascade");
        }
    }
}
