package dev.polylog.bench;

import dev.polylog.dynamodb.DynamoConfig;
import java.net.URI;
import java.util.List;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * What somebody would write who has DynamoDB's client and no library: one client for all, a transaction an append, an item
 * an event, conditional puts, consistent Queries.
 *
 * <p>Thread-safe. Closing it deletes its table.
 */
final class DynamoBaseline implements Contender {

    private static final int CONNECTIONS = 128;

    private final DynamoDbClient client;
    private final String table;

    DynamoBaseline(DynamoConfig.Region region, String table) {
        this.client = client(region);
        this.table = table;
        try {
            client.createTable(CreateTableRequest.builder()
                    .tableName(table)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(List.of(
                            attribute(DynamoSession.STREAM, ScalarAttributeType.S),
                            attribute(DynamoSession.VERSION, ScalarAttributeType.N)))
                    .keySchema(
                            List.of(key(DynamoSession.STREAM, KeyType.HASH), key(DynamoSession.VERSION, KeyType.RANGE)))
                    .build());
        } catch (ResourceInUseException e) {
            // Processes that take part in one run share it.
        }
        client.waiter().waitUntilTableExists(request -> request.tableName(table));
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static DynamoDbClient client(DynamoConfig.Region region) {
        DynamoDbClientBuilder builder = DynamoDbClient.builder()
                .region(Region.of(region.region()))
                .httpClientBuilder(Apache5HttpClient.builder().maxConnections(CONNECTIONS));
        URI endpoint = region.endpoint();
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        String profile = region.profile();
        if (profile != null) {
            builder.credentialsProvider(ProfileCredentialsProvider.create(profile));
        }
        return builder.build();
    }

    @Override
    public String description() {
        return "the plain client, a transaction an append";
    }

    @Override
    public Session session() {
        return new DynamoSession(client, table);
    }

    @Override
    public void close() {
        client.deleteTable(request -> request.tableName(table));
        client.close();
    }
}
