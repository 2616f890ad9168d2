package dev.polylog.servers;

import java.net.InetSocketAddress;

/**
 * Where a server listens.
 *
 * <p>Immutable and thread-safe.
 *
 * @param host a host name or an address
 * @param port a port between 1 and 65535
 */
public record ServerAddress(String host, int port) {

    /** Rejects an empty host and a port out of range. */
    public ServerAddress {
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "server address '" + host + "', port " + port + ": expected a host and a port from 1 to 65535");
        }
    }

    /**
     * The same as a socket address.
     *
     * @return the resolved socket address
     */
    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(host, port);
    }

    /** {@code host:port}. */
    @Override
    public String toString() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
