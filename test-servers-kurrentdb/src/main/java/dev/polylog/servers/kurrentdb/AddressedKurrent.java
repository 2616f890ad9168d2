package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import io.kurrent.dbclient.Endpoint;
import io.kurrent.dbclient.KurrentDBConnectionString;

/**
 * A KurrentDB that runs already, named by its connection string. Immutable and thread-safe.
 *
 * @param url the connection string; may hold a password
 */
record AddressedKurrent(String url) implements KurrentTarget {

    @Override
    public ServerAddress address() {
        try {
            Endpoint[] hosts = KurrentDBConnectionString.parseOrThrow(url).getHosts();
            return new ServerAddress(hosts[0].getHost(), hosts[0].getPort());
        } catch (RuntimeException e) {
            // The string is not shown: it may hold a password.
            throw new ServerFailure(
                    "-Dpolylog.kurrentdb.url cannot be used: expected kurrentdb://[user:password@]host:port?tls=false");
        }
    }

    /** Leaves the server as it is. */
    @Override
    public void close() {
        // It was there before the test.
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return "KurrentDB at " + address();
    }
}
