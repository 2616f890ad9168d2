package dev.polylog.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.polylog.postgres.PostgresConfig.Given;
import dev.polylog.postgres.PostgresConfig.Pooler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where connections come from: short uses share a pool, long ones (the appender's, the signal's) have their own.
 *
 * <p>Thread-safe. Failures are the driver's.
 */
final class PostgresConnections implements AutoCloseable {

    private final DataSource direct;
    private final DataSource listening;
    private final DataSource pool;
    private final @Nullable HikariDataSource own;

    private PostgresConnections(
            DataSource direct, DataSource listening, DataSource pool, @Nullable HikariDataSource own) {
        this.direct = direct;
        this.listening = listening;
        this.pool = pool;
        this.own = own;
    }

    static PostgresConnections of(PostgresConfig config) {
        if (config.source() instanceof Given given) {
            return new PostgresConnections(given.dataSource(), given.dataSource(), given.dataSource(), null);
        }
        try {
            PostgresServer server = (PostgresServer) config.source();
            DataSource direct = driver(config, server);
            LoginSource listening = driver(config, server);
            if (PromptSocketFactory.isKnownToDriver()) {
                listening.setSocketFactory(PromptSocketFactory.class.getName());
            }
            HikariConfig pool = new HikariConfig();
            pool.setDataSource(direct);
            pool.setPoolName("polylog-" + config.schema());
            pool.setMaximumPoolSize(config.connections());
            pool.setMinimumIdle(0);
            pool.setConnectionTimeout(Math.max(250, config.connectTimeout().toMillis()));
            pool.setValidationTimeout(Math.max(250, config.connectTimeout().toMillis()));
            // Not when the pool is made: opening the log says more about what is wrong than the pool would.
            pool.setInitializationFailTimeout(-1);
            HikariDataSource hikari = new HikariDataSource(pool);
            return new PostgresConnections(direct, listening, hikari, hikari);
        } catch (SQLException e) {
            throw new IllegalStateException("the driver knows no such property: " + e.getMessage(), e);
        }
    }

    private static LoginSource driver(PostgresConfig config, PostgresServer server) throws SQLException {
        LoginSource source = new LoginSource(server.user(), server.password());
        source.setServerNames(
                server.hosts().stream().map(PostgresServer.Host::name).toArray(String[]::new));
        source.setPortNumbers(
                server.hosts().stream().mapToInt(PostgresServer.Host::port).toArray());
        source.setDatabaseName(server.database());
        source.setUser(server.user());
        for (Map.Entry<String, String> option : server.options().entrySet()) {
            source.setProperty(option.getKey(), option.getValue());
        }
        source.setSslMode(server.tls());
        if (!server.options().containsKey("sslrootcert")
                && !Files.exists(Path.of(System.getProperty("user.home"), ".postgresql", "root.crt"))) {
            // Else the driver would refuse every server for want of that file; Java's own roots are the usual ones.
            source.setProperty(PGProperty.SSL_FACTORY, "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        int seconds = (int) Math.max(1, (config.connectTimeout().toMillis() + 999) / 1000);
        source.setProperty(PGProperty.CONNECT_TIMEOUT, String.valueOf(seconds));
        source.setProperty(PGProperty.LOGIN_TIMEOUT, String.valueOf(seconds));
        source.setProperty(
                PGProperty.SOCKET_TIMEOUT,
                String.valueOf((config.socketTimeout().toMillis() + 999) / 1000));
        source.setTcpKeepAlive(true);
        source.setPrepareThreshold(config.pooler() == Pooler.TRANSACTION ? 0 : 1);
        // The details of errors may hold values of rows.
        source.setLogServerErrorDetail(false);
        if (server.hosts().size() > 1) {
            source.setTargetServerType("primary");
        }
        return source;
    }

    /** A connection for one short use. */
    Connection borrow() throws SQLException {
        return ready(pool.getConnection());
    }

    /** A connection for a long use, beside the pool. */
    Connection dedicated() throws SQLException {
        return ready(direct.getConnection());
    }

    /** A connection for waiting for notifications, beside the pool. */
    Connection listening() throws SQLException {
        return ready(listening.getConnection());
    }

    private static Connection ready(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.setAutoCommit(true);
        }
        return connection;
    }

    /** Has the pool replace connections that are idle now, since one of them turned out to be broken. */
    void distrust() {
        HikariDataSource hikari = own;
        if (hikari != null && hikari.getHikariPoolMXBean() != null) {
            hikari.getHikariPoolMXBean().softEvictConnections();
        }
    }

    @Override
    public void close() {
        HikariDataSource hikari = own;
        if (hikari != null) {
            hikari.close();
        }
    }

    /** The driver's data source, which asks for the password anew for each connection. */
    @SuppressWarnings("serial") // Never written: nobody else sees it.
    private static final class LoginSource extends PGSimpleDataSource {

        private static final long serialVersionUID = 1L;

        private final String role;
        private final transient @Nullable Supplier<String> secret;

        LoginSource(String role, @Nullable Supplier<String> secret) {
            this.role = role;
            this.secret = secret;
        }

        @Override
        public Connection getConnection() throws SQLException {
            Supplier<String> supplier = secret;
            return supplier == null ? super.getConnection() : getConnection(role, supplier.get());
        }
    }
}
