package dev.polylog.servers.dynamodb;

import dev.polylog.servers.ContainerServer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * LocalStack in a container; {@code -Dpolylog.dynamodb.image} and {@code -Dpolylog.dynamodb.port} name another image, such
 * as {@code amazon/dynamodb-local}, and the port on which it listens. Thread-safe.
 */
final class DynamoContainer extends ContainerServer implements OwnDynamoServer {

    private static final String IMAGE = "localstack/localstack:4.9.2";
    private static final int PORT = Integer.getInteger("polylog.dynamodb.port", 4566);

    private DynamoContainer(GenericContainer<?> container) {
        super(container, PORT);
    }

    @SuppressWarnings("resource") // closed by the server
    static DynamoContainer start() {
        String image = System.getProperty("polylog.dynamodb.image", IMAGE);
        return started(new DynamoContainer(new GenericContainer<>(DockerImageName.parse(image))
                .withEnv("SERVICES", "dynamodb")
                .withEnv("EAGER_SERVICE_LOADING", "1")));
    }

    @Override
    protected boolean serves() {
        return HttpAnswer.from(endpoint());
    }
}
