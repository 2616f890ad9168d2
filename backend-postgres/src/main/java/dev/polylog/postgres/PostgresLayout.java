package dev.polylog.postgres;

import dev.polylog.IncompatibleLayout;
import dev.polylog.postgres.PostgresConfig.Risk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * How the log lies in the database: tables, functions, view and rights, all in one schema; {@code layout-1.sql} is the
 * whole of it.
 *
 * <ol>
 *   <li>Look at the server: its version, whether it is a primary, whether it keeps what it acknowledges (rule A-16).
 *   <li>Look for the head row. It is there: compare the layout version.
 *   <li>It is not: take an advisory lock in a transaction, look again, create everything in that transaction. So of many
 *       who open at once one creates, and nobody sees half of it (rule L-01).
 * </ol>
 *
 * <p>Stateless and thread-safe.
 */
final class PostgresLayout {

    /** The layout version that this code reads and writes. */
    static final int VERSION = 1;

    private static final int OLDEST_SERVER = 140_000;

    /** The first half of the advisory lock's key; the second is a hash of the schema's name. */
    private static final int LOCK_SPACE = 0x506F_6C79;

    private PostgresLayout() {}

    /** The script that creates the log in a schema, for those who run it themselves. */
    static String script(String schema) {
        return resource("layout-1.sql").replace("${schema}", quoted(schema));
    }

    /** The script that gives rights to a role that appends and one that only reads. */
    static String grants(String schema, String writer, String reader) {
        return resource("roles.sql")
                .replace("${schema}", quoted(schema))
                .replace("${writer}", quoted(writer))
                .replace("${reader}", quoted(reader));
    }

    /** A name that was checked against the list of allowed characters; quoted all the same. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String resource(String name) {
        try (InputStream in = PostgresLayout.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + name + " cannot be read", e);
        }
    }

    /** Makes sure that the log can be used, creating it where it is missing. The connection commits by itself. */
    static void prepare(PostgresConfig config, Connection connection) throws SQLException {
        checkServer(config, connection);
        if (isThere(config, connection)) {
            return;
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '60s'");
            statement.execute("select pg_advisory_xact_lock(" + LOCK_SPACE + ", hashtext('" + config.schema() + "'))");
            if (!isThere(config, connection)) {
                statement.execute(withoutSchemaThatExists(config, connection));
            }
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            rollBack(connection, e);
            throw e;
        }
        connection.setAutoCommit(true);
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** CREATE SCHEMA needs a right on the database even where the schema exists. */
    private static String withoutSchemaThatExists(PostgresConfig config, Connection connection) throws SQLException {
        String script = script(config.schema());
        try (PreparedStatement query =
                connection.prepareStatement("select from pg_catalog.pg_namespace where nspname = ?")) {
            query.setString(1, config.schema());
            try (ResultSet rows = query.executeQuery()) {
                return rows.next()
                        ? script.replace("create schema if not exists " + quoted(config.schema()) + ";", "")
                        : script;
            }
        }
    }

    private static void checkServer(PostgresConfig config, Connection connection) throws SQLException {
        List<String> problems = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select current_setting('server_version_num')::integer,"
                        + " current_setting('server_version'), pg_catalog.pg_is_in_recovery(),"
                        + " current_setting('fsync'), current_setting('full_page_writes'),"
                        + " current_setting('server_encoding')")) {
            row.next();
            if (row.getInt(1) < OLDEST_SERVER) {
                problems.add("the server is PostgreSQL " + row.getString(2) + "; expected 14 or later");
            }
            if (row.getBoolean(3)) {
                problems.add("the server is a standby, which only reads; connect to the primary, for example by naming"
                        + " all hosts of the cluster in the URL");
            }
            refuseOff(row.getString(4), "fsync", config, Risk.FSYNC_OFF, problems);
            refuseOff(row.getString(5), "full_page_writes", config, Risk.FULL_PAGE_WRITES_OFF, problems);
            if (!row.getString(6).equals("UTF8")) {
                problems.add(
                        "the database's encoding is " + row.getString(6) + "; expected UTF8, which holds every name");
            }
        }
        if (!problems.isEmpty()) {
            throw new IncompatibleLayout(config.address() + ": " + String.join("; ", problems), null);
        }
    }

    private static void refuseOff(
            String value, String setting, PostgresConfig config, Risk risk, List<String> problems) {
        if (!value.equals("on") && !config.risks().contains(risk)) {
            problems.add("the server runs with " + setting + "=" + value + ", so the loss of power loses acknowledged"
                    + " events. Switch it on, or name the risk: " + risk.option() + "=true");
        }
    }

    /** Whether the log is there, in a layout that fits. */
    private static boolean isThere(PostgresConfig config, Connection connection) throws SQLException {
        if (!tableExists(config.schema(), "head", connection)) {
            if (tableExists(config.schema(), "events", connection)) {
                throw new IncompatibleLayout(
                        config.address() + ": schema " + config.schema() + " holds a table events but no table head, so"
                                + " it is not a Polylog log; use another schema",
                        null);
            }
            return false;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select layout from " + quoted(config.schema()) + ".head")) {
            if (!row.next()) {
                throw new IncompatibleLayout(
                        config.address() + ": schema " + config.schema() + " has no head row; restore it from a backup",
                        null);
            }
            int found = row.getInt(1);
            if (found != VERSION) {
                throw new IncompatibleLayout(
                        config.address() + ": the log in schema " + config.schema() + " has the layout version " + found
                                + "; this version of Polylog knows " + VERSION
                                + ". Use a version of Polylog that knows "
                                + found,
                        null);
            }
        }
        return true;
    }

    private static boolean tableExists(String schema, String table, Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement("select from pg_catalog.pg_class c"
                + " join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = ? and c.relname = ?")) {
            query.setString(1, schema);
            query.setString(2, table);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next();
            }
        }
    }
}
