package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.IncompatibleLayout;
import dev.polylog.InvalidStoreUrl;
import dev.polylog.dynamodb.DynamoConfig.Preparation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Tables that are refused, and what the refusal says. */
class DynamoTableTest {

    @RegisterExtension
    final TestLog log = new TestLog();

    @Test
    void a_table_that_is_missing_is_not_made_where_that_is_not_wanted() {
        assertThatThrownBy(() ->
                        log.open(log.config().preparation(Preparation.REQUIRE).build()))
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining(log.table())
                .hasMessageContaining("does not exist")
                .hasMessageContaining("create=true");
    }

    @Test
    void a_table_with_other_keys_is_refused() {
        log.client()
                .createTable(request -> request.tableName(log.table())
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(a -> a.attributeName("id").attributeType(ScalarAttributeType.S))
                        .keySchema(k -> k.attributeName("id").keyType(KeyType.HASH)));
        assertThatThrownBy(log::open)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("PK")
                .hasMessageContaining("use another table");
    }

    @Test
    void a_table_that_holds_something_else_is_refused() {
        DynamoDbClient client = log.client();
        client.createTable(DynamoTable.creation(log.table()));
        client.putItem(request -> request.tableName(log.table())
                .item(Map.of("PK", AttributeValue.fromS("USER#1"), "SK", AttributeValue.fromS("PROFILE"))));
        assertThatThrownBy(log::open)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("no tail of a log")
                .hasMessageContaining("DynamoRepair");
    }

    @Test
    void a_table_whose_items_expire_is_refused() {
        log.open().close();
        log.client()
                .updateTimeToLive(request -> request.tableName(log.table())
                        .timeToLiveSpecification(ttl -> ttl.enabled(true).attributeName("at")));
        assertThatThrownBy(log::open)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("time to live")
                .hasMessageContaining("switch that off");
    }

    @Test
    void a_global_table_is_refused() {
        // DynamoDB Local knows none.
        DynamoDbClient global = new Wrapped(new SimClient(new SimTable(), new RealWorld())) {
            @Override
            public DescribeTableResponse describeTable(DescribeTableRequest request) {
                return DescribeTableResponse.builder()
                        .table(DescribeTableResponse.builder()
                                .table(t -> t.tableName("x")
                                        .tableStatus("ACTIVE")
                                        .keySchema(DynamoTable.creation("x").keySchema())
                                        .attributeDefinitions(
                                                DynamoTable.creation("x").attributeDefinitions())
                                        .replicas(List.of(ReplicaDescription.builder()
                                                .regionName("us-east-1")
                                                .build())))
                                .build()
                                .table())
                        .build();
            }
        };
        assertThatThrownBy(() -> DynamoBackend.open(
                        DynamoConfig.builder(global, "simulated").build()))
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("global table")
                .hasMessageContaining("remove the replicas");
    }

    @Test
    void a_missing_permission_is_named() {
        // DynamoDB Local has none.
        SimTable table = new SimTable();
        table.create();
        DynamoDbClient denied = new Wrapped(new SimClient(table, new RealWorld())) {
            @Override
            public DescribeTimeToLiveResponse describeTimeToLive(DescribeTimeToLiveRequest request) {
                throw DynamoDbException.builder()
                        .message("User is not authorized to perform: dynamodb:DescribeTimeToLive")
                        .awsErrorDetails(AwsErrorDetails.builder()
                                .errorCode("AccessDeniedException")
                                .errorMessage("User is not authorized to perform: dynamodb:DescribeTimeToLive")
                                .build())
                        .statusCode(400)
                        .build();
            }
        };
        assertThatThrownBy(() -> DynamoBackend.open(
                        DynamoConfig.builder(denied, "simulated").build()))
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("dynamodb:DescribeTimeToLive")
                .hasMessageContaining("permission");
    }

    @Test
    void a_client_that_repeats_calls_by_itself_is_refused() {
        try (DynamoDbClient repeating = DynamoDbClient.builder()
                .region(Region.EU_CENTRAL_1)
                .endpointOverride(TestLog.endpoint())
                .build()) {
            assertThatThrownBy(() -> DynamoBackend.open(
                            DynamoConfig.builder(repeating, log.table()).build()))
                    .isInstanceOf(InvalidStoreUrl.class)
                    .hasMessageContaining("doNotRetry");
        }
    }

    @Test
    void the_applications_own_client_serves_and_stays_open() {
        DynamoDbClient client = log.client();
        try (DynamoBackend backend =
                DynamoBackend.open(DynamoConfig.builder(client, log.table()).build())) {
            assertThat(backend.status().logId()).isNotBlank();
        }
        assertThat(client.describeTable(request -> request.tableName(log.table()))
                        .table()
                        .deletionProtectionEnabled())
                .isTrue();
    }

    /** Passes calls on; tests change some. */
    private abstract static class Wrapped implements DynamoDbClient {

        private final SimClient inner;

        Wrapped(SimClient inner) {
            this.inner = inner;
        }

        @Override
        public DynamoDbServiceClientConfiguration serviceClientConfiguration() {
            return inner.serviceClientConfiguration();
        }

        @Override
        public DescribeTableResponse describeTable(DescribeTableRequest request) {
            return inner.describeTable(request);
        }

        @Override
        public DescribeTimeToLiveResponse describeTimeToLive(DescribeTimeToLiveRequest request) {
            return inner.describeTimeToLive(request);
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
