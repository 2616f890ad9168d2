package dev.polylog.servers.kafka;

import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.ServerSource;
import org.jspecify.annotations.Nullable;

/**
 * Hands out Kafka brokers.
 *
 * <p>Tests call it. Which broker they get is decided by system properties: {@code polylog.kafka.address} names one that
 * runs already (for {@link #shared()} only), {@code polylog.servers=docker} asks for containers, and without either the
 * broker comes from Maven artifacts. Thread-safe.
 */
public final class KafkaServers {

    private static @Nullable KafkaServer shared;

    private KafkaServers() {}

    /**
     * The one broker that all tests of this JVM share; started by the first call, ended with the JVM.
     *
     * @return the broker; closing it is left to the JVM's end
     * @throws ServerFailure if it cannot be started or reached
     */
    public static synchronized KafkaServer shared() {
        if (shared == null) {
            String address = System.getProperty("polylog.kafka.address");
            shared = address == null ? own() : AddressedKafka.at(address);
        }
        return shared;
    }

    /**
     * Starts a broker for one test.
     *
     * @return a running broker, to be closed by the caller
     * @throws ServerFailure if it cannot be started
     */
    public static OwnKafkaServer own() {
        return ServerSource.start(() -> KafkaProcess.start(KafkaDetour.unused()), () -> KafkaContainer.start());
    }

    /**
     * Starts a broker from artifacts that can be reached through a proxy as well.
     *
     * @param detour the second way
     * @return a running broker, to be closed by the caller; its {@code address()} is the direct way
     * @throws ServerFailure if it cannot be started
     */
    public static OwnKafkaServer own(KafkaDetour detour) {
        return KafkaProcess.start(detour);
    }

    /**
     * Starts a broker from artifacts that can be reached by TLS and with a log-in as well.
     *
     * @return a running broker, to be closed by the caller
     * @throws ServerFailure if it cannot be started
     */
    public static GuardedKafka guarded() {
        return KafkaProcess.guarded();
    }

    /**
     * Starts a cluster of three brokers for one test, from artifacts whatever the properties say.
     *
     * @return three running brokers that know one another, to be closed by the caller
     * @throws ServerFailure if it cannot be started
     */
    public static KafkaCluster cluster() {
        return KafkaCluster.start(3);
    }
}
