package dev.polylog.servers.proxy;

/**
 * What has passed over one connection of a proxy.
 *
 * <p>Immutable and thread-safe.
 *
 * @param connection the number of the connection, counted from 0
 * @param toServer how many bytes the server was given
 * @param toClient how many bytes the client was given
 * @param open whether the proxy still holds the connection
 */
public record Traffic(int connection, long toServer, long toClient, boolean open) {}
