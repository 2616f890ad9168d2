package dev.polylog.servers.kafka;

import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import java.time.Duration;

/**
 * A broker that runs already.
 *
 * @param address where it listens
 */
record AddressedKafka(ServerAddress address) implements KafkaServer {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static AddressedKafka at(String address) {
        int colon = address.lastIndexOf(':');
        if (colon < 1 || !address.substring(colon + 1).matches("\\d{1,5}")) {
            throw new ServerFailure("-Dpolylog.kafka.address=" + address + ": expected host:port");
        }
        AddressedKafka server = new AddressedKafka(
                new ServerAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
        if (!KafkaCalls.answers(server.address(), PATIENCE)) {
            throw new ServerFailure("-Dpolylog.kafka.address=" + address + ": no broker answers there");
        }
        return server;
    }

    @Override
    public void close() {
        // It stays as it is.
    }
}
