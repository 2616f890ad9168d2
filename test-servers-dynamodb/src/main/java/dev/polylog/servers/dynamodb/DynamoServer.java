package dev.polylog.servers.dynamodb;

import dev.polylog.servers.TestServer;
import java.net.URI;

/**
 * Something that speaks DynamoDB's protocol.
 *
 * <p>{@link DynamoServers} hands them out. Thread-safe.
 */
public interface DynamoServer extends TestServer {

    /** The region that clients name; such a server takes any. */
    String REGION = "eu-central-1";

    /**
     * What clients take as their endpoint.
     *
     * @return for example {@code http://127.0.0.1:8000}
     */
    default URI endpoint() {
        return URI.create("http://" + address());
    }
}
