package dev.polylog.servers.postgres;

import dev.polylog.servers.ServerAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * How a test reaches a database: everything a connection needs.
 *
 * <p>Immutable and thread-safe. Its text form leaves the password out.
 *
 * @param address where the server, or a proxy in front of it, listens
 * @param database the database
 * @param user the role
 * @param password the role's password; null leaves the driver to look into {@code .pgpass}
 */
public record PostgresAccess(
        ServerAddress address,
        String database,
        String user,
        @Nullable String password) {

    private static final int CONNECT_SECONDS = 10;

    /**
     * The same database through another address, such as that of a proxy.
     *
     * @param other the address to connect to
     * @return the changed copy
     */
    public PostgresAccess through(ServerAddress other) {
        return new PostgresAccess(other, database, user, password);
    }

    /**
     * Another database of the same server.
     *
     * @param other the name of the database
     * @return the changed copy
     */
    public PostgresAccess in(String other) {
        return new PostgresAccess(address, other, user, password);
    }

    /**
     * The same database as another role.
     *
     * @param otherUser the role
     * @param otherPassword its password
     * @return the changed copy
     */
    public PostgresAccess as(String otherUser, @Nullable String otherPassword) {
        return new PostgresAccess(address, database, otherUser, otherPassword);
    }

    /**
     * The URL as {@code psql} knows it, without the password.
     *
     * @return {@code postgresql://user@host:port/database}
     */
    public String url() {
        return "postgresql://" + user + "@" + address + "/" + database;
    }

    /**
     * The URL as JDBC knows it, without user and password.
     *
     * @return {@code jdbc:postgresql://host:port/database}
     */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + address + "/" + database;
    }

    /**
     * Opens a connection.
     *
     * @return a connection with the driver's defaults, to be closed by the caller
     * @throws SQLException as the driver throws it
     */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
        properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
        return DriverManager.getConnection(jdbcUrl(), properties);
    }

    /** Whether a connection can be opened now. */
    boolean answers() {
        try (Connection connection = connect()) {
            return !connection.isClosed();
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** The URL, without the password. */
    @Override
    public String toString() {
        return url();
    }
}
