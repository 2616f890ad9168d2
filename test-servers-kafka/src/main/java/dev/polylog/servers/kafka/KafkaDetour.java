package dev.polylog.servers.kafka;

import dev.polylog.servers.FreePorts;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.proxy.FaultProxy;

/**
 * A second way to a broker: a listener that tells its clients to come through a proxy, which they would else leave out after
 * their first question.
 *
 * <p>Immutable and thread-safe.
 *
 * @param behind where the broker listens
 * @param advertised where it tells clients to connect to
 */
public record KafkaDetour(ServerAddress behind, ServerAddress advertised) {

    /**
     * An address that nobody has: the proxy is made before the broker, which must know the proxy's address.
     *
     * @return an address of the loopback interface for {@link FaultProxy#to(ServerAddress)}
     */
    public static ServerAddress freeAddress() {
        return new ServerAddress("127.0.0.1", FreePorts.next());
    }

    /**
     * The way through a proxy.
     *
     * @param behind the address to which the proxy leads
     * @param proxy the proxy
     * @return the way, for {@link KafkaServers#own(KafkaDetour)}
     */
    public static KafkaDetour through(ServerAddress behind, FaultProxy proxy) {
        return new KafkaDetour(behind, proxy.address());
    }

    static KafkaDetour unused() {
        ServerAddress address = freeAddress();
        return new KafkaDetour(address, address);
    }
}
