package dev.polylog.testservers.dynamodb;

import dev.polylog.servers.ContainerServer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * DynamoDB Local in a container; {@code -Dpolylog.dynamodb.image} names another image, such as one of LocalStack whose
 * port is then {@code -Dpolylog.dynamodb.port}. Thread-safe.
 */
final class DynamoContainer extends ContainerServer implements OwnDynamoServer {

    private static final String IMAGE = "amazon/dynamodb-local:3.3.0";
    private static final int PORT = Integer.getInteger("polylog.dynamodb.port", 8000);

    private DynamoContainer(GenericContainer<?> container) {
        super(container, PORT);
    }

    @SuppressWarnings("resource") // closed by the server
    static DynamoContainer start() {
        String image = System.getProperty("polylog.dynamodb.image", IMAGE);
        DynamoContainer server = new DynamoContainer(new GenericContainer<>(DockerImageName.parse(image)));
        try {
            server.restart();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    @Override
    protected boolean serves() {
        return HttpAnswer.from(endpoint());
    }
}
