package dev.polylog.servers.postgres;

import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that runs already, named by its URL.
 *
 * <p>Immutable and thread-safe.
 *
 * @param access how to reach it
 */
record AddressedPostgres(PostgresAccess access) implements PostgresServer {

    private static final int PORT = 5432;
    private static final Pattern PATH = Pattern.compile("/([^/]+)");
    private static final Pattern USER = Pattern.compile("([^:]+)(?::(.*))?");

    /**
     * Reads a URL of the form {@code postgresql://user[:password]@host[:port]/database}.
     *
     * @param password used when the URL holds none; null leaves the driver to look into {@code .pgpass}
     */
    static AddressedPostgres at(String url, @Nullable String password) {
        try {
            URI uri = URI.create(url);
            Matcher path = PATH.matcher(String.valueOf(uri.getPath()));
            Matcher user = USER.matcher(String.valueOf(uri.getUserInfo()));
            String host = uri.getHost();
            if ("postgresql".equals(uri.getScheme())
                    && host != null
                    && uri.getUserInfo() != null
                    && path.matches()
                    && user.matches()) {
                int port = uri.getPort() < 0 ? PORT : uri.getPort();
                String given = user.group(2) == null ? password : user.group(2);
                return new AddressedPostgres(new PostgresAccess(
                        new ServerAddress(host.replaceAll("[\\[\\]]", ""), port), path.group(1), user.group(1), given));
            }
        } catch (IllegalArgumentException malformed) {
            throw refusal();
        }
        throw refusal();
    }

    // The URL is not shown: it may hold a password.
    private static ServerFailure refusal() {
        return new ServerFailure("-Dpolylog.postgres.url cannot be used: expected"
                + " postgresql://user[:password]@host[:port]/database");
    }

    /** Leaves the server as it is. */
    @Override
    public void close() {
        // It was there before the test.
    }
}
