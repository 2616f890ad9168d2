package dev.polylog.dynamodb;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.servers.dynamodb.DynamoServer;
import dev.polylog.servers.dynamodb.DynamoServers;
import dev.polylog.spi.AppendCommand;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A table of a test's own on the shared server, and what is open on it; that is closed after the test. */
final class TestLog implements AfterEachCallback {

    private final List<AutoCloseable> open = new ArrayList<>();
    private final String table = "log-" + UUID.randomUUID();

    static URI endpoint() {
        return DynamoServers.shared().endpoint();
    }

    String table() {
        return table;
    }

    DynamoConfig.Builder config() {
        // Longer than usual: a slow machine is no finding.
        return DynamoConfig.builder(DynamoServer.REGION, table)
                .endpoint(endpoint())
                .timeout(Duration.ofSeconds(60))
                .callTimeout(Duration.ofSeconds(20));
    }

    DynamoBackend open() {
        return open(config().build());
    }

    synchronized DynamoBackend open(DynamoConfig config) {
        DynamoBackend backend = DynamoBackend.open(config);
        open.add(backend);
        return backend;
    }

    /** A client for looking behind the scenes. */
    synchronized DynamoDbClient client() {
        DynamoDbClient client = DynamoDbClient.builder()
                .region(Region.of(DynamoServer.REGION))
                .endpointOverride(endpoint())
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
        open.add(client);
        return client;
    }

    static AppendCommand append(String stream, ExpectedVersion expected, EventData... events) {
        return AppendCommand.of(StreamId.of(stream), expected, List.of(events));
    }

    static EventData event() {
        return EventData.json("Tested", "{\"n\":1}");
    }

    @Override
    public synchronized void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        open.clear();
    }
}
