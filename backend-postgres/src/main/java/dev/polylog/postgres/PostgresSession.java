package dev.polylog.postgres;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.Position;
import dev.polylog.postgres.PostgresConfig.Given;
import dev.polylog.postgres.PostgresConfig.Pooler;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection on which groups of appends are carried out, each by one call of a function and so in a transaction of its
 * own.
 *
 * <p>It knows the server process behind it and the server's clock, so that every attempt carries a deadline and can be
 * fenced (see {@link PostgresFence}). For one thread at a time. Failures are the driver's, for
 * {@link PostgresFailures} to read.
 */
final class PostgresSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSession.class);

    /** What an attempt may take beyond its wait for others before the server refuses it as late. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(5);

    /** How long the difference between the server's clock and ours is relied on. */
    private static final Duration CLOCK_TRUST = Duration.ofMinutes(10);

    private final PostgresConfig config;
    private final Connection connection;
    private final PreparedStatement event;
    private final PreparedStatement plain;
    private final PreparedStatement group;
    private final boolean lockTimeoutIsSet;
    private @Nullable Integer processId;
    private @Nullable String processStart;
    private OffsetDateTime serverTime = OffsetDateTime.MIN;
    private long readAtNanos;

    private PostgresSession(PostgresConfig config, Connection connection, boolean lockTimeoutIsSet)
            throws SQLException {
        String schema = PostgresLayout.quoted(config.schema());
        this.config = config;
        this.connection = connection;
        this.lockTimeoutIsSet = lockTimeoutIsSet;
        this.event = connection.prepareStatement("select " + schema + ".append_event(?" + ", ?".repeat(8) + ")");
        this.plain = connection.prepareStatement("select " + schema + ".append_plain(?" + ", ?".repeat(10) + ")");
        this.group = connection.prepareStatement("select outcome, detail, actual, last_positions, first_versions from "
                + schema + ".append_group(?" + ", ?".repeat(19) + ")");
    }

    /** A session on a connection of its own. */
    static PostgresSession open(PostgresConfig config, PostgresConnections connections) throws SQLException {
        Connection connection = connections.dedicated();
        try {
            boolean ours = !(config.source() instanceof Given) && config.pooler() == Pooler.NONE;
            if (ours) {
                arrange(config, connection);
            }
            PostgresSession session = new PostgresSession(config, connection, ours);
            session.readClock();
            return session;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A session inside a transaction of the application's; never closed here. */
    static PostgresSession within(PostgresConfig config, Connection connection) throws SQLException {
        return new PostgresSession(config, connection, false);
    }

    private static void arrange(PostgresConfig config, Connection connection) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set lock_timeout = " + config.lockTimeout().toMillis());
            // So that an attempt whose client is gone does not wait in the queue for the head row.
            statement.execute("set client_connection_check_interval = 1000");
        } catch (SQLException e) {
            if (PostgresFailures.isConnectionLost(e)) {
                throw e;
            }
            LOG.debug("{}: the server cannot watch its clients' connections", config.address(), e);
        }
    }

    private void readClock() throws SQLException {
        boolean fixed = config.pooler() == Pooler.NONE;
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select pg_catalog.clock_timestamp(), pg_catalog.pg_backend_pid(),"
                                + " (select backend_start::text from pg_catalog.pg_stat_activity"
                                + " where pid = pg_catalog.pg_backend_pid())")) {
            row.next();
            readAtNanos = System.nanoTime();
            serverTime = row.getObject(1, OffsetDateTime.class);
            processId = fixed ? row.getInt(2) : null;
            processStart = row.getString(3);
        }
    }

    /** The next attempt on this session, and how to fence it. */
    Attempt attempt() throws SQLException {
        if (System.nanoTime() - readAtNanos > CLOCK_TRUST.toNanos()) {
            readClock();
        }
        Duration since = Duration.ofNanos(System.nanoTime() - readAtNanos);
        OffsetDateTime deadline =
                serverTime.plus(since).plus(config.lockTimeout()).plus(ON_ITS_WAY);
        return new Attempt(processId, processStart, deadline);
    }

    /** A moment as the functions take it: seconds since 1970. */
    static double seconds(OffsetDateTime moment) {
        return moment.toEpochSecond() + moment.getNano() / 1e9;
    }

    /** Reads the server's clock anew, after it refused an attempt as late. */
    void distrustClock() {
        readAtNanos = System.nanoTime() - CLOCK_TRUST.toNanos() - 1;
    }

    /**
     * Carries out a group and commits it.
     *
     * @return the outcome of each member, in order
     * @throws SQLException if it failed
     */
    List<AppendOutcome> append(List<AppendCommand> members, @Nullable OffsetDateTime deadline) throws SQLException {
        List<AppendOutcome> outcomes = isEvent(members)
                ? appendEvent(members.get(0), deadline)
                : appendPlain(PostgresPlainGroup.of(members), deadline);
        return outcomes == null ? appendGroup(new PostgresGroup(members), deadline) : outcomes;
    }

    /** Carries out an append as a part of the transaction that the connection is in. */
    AppendOutcome appendIn(AppendCommand command) throws SQLException {
        try (event;
                plain;
                group) {
            return append(List.of(command), null).get(0);
        }
    }

    private static boolean isEvent(List<AppendCommand> members) {
        return members.size() == 1
                && members.get(0).expectations().size() == 1
                && members.get(0).writes().get(0).events().size() == 1;
    }

    private @Nullable List<AppendOutcome> appendEvent(AppendCommand command, @Nullable OffsetDateTime deadline)
            throws SQLException {
        StreamWrite write = command.writes().get(0);
        EventData data = write.events().get(0);
        begin(event, deadline);
        event.setString(3, write.stream().name());
        event.setLong(4, PostgresGroup.code(command.expectations().get(write.stream())));
        event.setObject(5, data.id());
        event.setString(6, data.type());
        event.setString(7, data.contentType());
        event.setBytes(8, data.payload().toByteArray());
        event.setBytes(9, data.metadata().toJson());
        Long[] place = numbers(event);
        return place == null
                ? null
                : List.of(new AppendOutcome.Appended(new AppendResult(
                        List.of(new AppendResult.Written(write.stream(), place[0], place[0])),
                        Position.of(place[1]),
                        false)));
    }

    private @Nullable List<AppendOutcome> appendPlain(
            @Nullable PostgresPlainGroup arrays, @Nullable OffsetDateTime deadline) throws SQLException {
        if (arrays == null) {
            return null;
        }
        begin(plain, deadline);
        arrays.bind(plain, 3);
        Long[] before = numbers(plain);
        return before == null ? null : arrays.outcomes(before);
    }

    private static Long @Nullable [] numbers(PreparedStatement call) throws SQLException {
        try (ResultSet row = call.executeQuery()) {
            row.next();
            Array array = row.getArray(1);
            refuseWarnings(call);
            return array == null ? null : (Long[]) array.getArray();
        }
    }

    private List<AppendOutcome> appendGroup(PostgresGroup arrays, @Nullable OffsetDateTime deadline)
            throws SQLException {
        begin(group, deadline);
        arrays.bind(group, 3);
        try (ResultSet row = group.executeQuery()) {
            row.next();
            List<AppendOutcome> outcomes = arrays.outcomes(row);
            refuseWarnings(group);
            return outcomes;
        }
    }

    private void begin(PreparedStatement call, @Nullable OffsetDateTime deadline) throws SQLException {
        if (deadline == null) {
            call.setNull(1, Types.DOUBLE);
        } else {
            call.setDouble(1, seconds(deadline));
        }
        if (lockTimeoutIsSet) {
            call.setNull(2, Types.INTEGER);
        } else {
            call.setInt(2, (int) config.lockTimeout().toMillis());
        }
    }

    /**
     * A commit whose wait for replication was cancelled is reported as a success with a warning: visible, and maybe lost
     * with the primary.
     */
    static void refuseWarnings(Statement statement) throws SQLException {
        for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            if (!"00000".equals(warning.getSQLState())) {
                throw new SQLException("the server warned of the commit: " + warning.getMessage(), "40003", warning);
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("{}: a connection did not close", config.address(), e);
        }
    }

    /** Breaks off whatever is going on. Thread-safe. */
    void abort() {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("{}: a connection could not be broken off", config.address(), e);
        }
    }

    /**
     * What must be known of an attempt to make sure that it has no effect any more.
     *
     * @param processId the server process that carries it out; null where a pooler chooses it
     * @param processStart when that process began, since ids are used again
     * @param deadline until when, by the server's clock, it may take positions
     */
    record Attempt(@Nullable Integer processId, @Nullable String processStart, OffsetDateTime deadline) {}
}
