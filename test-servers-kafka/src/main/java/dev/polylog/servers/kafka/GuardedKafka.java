package dev.polylog.servers.kafka;

/**
 * A broker for one test that can be reached through a {@link KafkaGate} as well.
 *
 * <p>{@link KafkaServers#guarded()} hands it out. Thread-safe.
 *
 * @param broker the broker; its {@code address()} is the unguarded way
 * @param gate the guarded ways
 */
public record GuardedKafka(OwnKafkaServer broker, KafkaGate gate) implements AutoCloseable {

    /** Stops the broker. */
    @Override
    public void close() {
        broker.close();
    }
}
