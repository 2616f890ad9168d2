package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.servers.dynamodb.DynamoServer;
import dev.polylog.servers.dynamodb.DynamoServers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class RepairTest {

    private static final DynamoServer SERVER = server();

    private static DynamoServer server() {
        // DynamoDB Local takes any; without them the SDK would ask the network for some.
        System.setProperty("aws.accessKeyId", "polylog");
        System.setProperty("aws.secretAccessKey", "polylog-tests");
        return DynamoServers.own();
    }

    @AfterAll
    static void close() {
        SERVER.close();
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    private static Cli on(String table) {
        return new Cli()
                .env(
                        "POLYLOG_STORE",
                        "dynamodb://" + DynamoServer.REGION + "/" + table + "?endpoint=" + SERVER.endpoint());
    }

    /** Three appends, of which a restored table has lost the item of the second. */
    private static Cli restored(String table) {
        Cli cli = on(table);
        for (int i = 1; i <= 3; i++) {
            cli.done("append", "Order-" + i, "--type", "OrderPlaced", "--data", "{}");
        }
        try (DynamoDbClient client = DynamoDbClient.builder()
                .region(Region.of(DynamoServer.REGION))
                .endpointOverride(SERVER.endpoint())
                .build()) {
            client.deleteItem(request -> request.tableName(table)
                    .key(Map.of(
                            "PK", AttributeValue.fromS("STREAM#Order-2"),
                            "SK", AttributeValue.fromS("VERSION#00000000000000000001"))));
        }
        return cli;
    }

    @Test
    void it_says_what_it_would_do_and_changes_nothing_until_that_is_wanted() {
        Cli cli = restored("restored");
        Cli.Result would = cli.done("repair", "-o", "json");
        assertThat(would.out())
                .contains("\"repaired\":false")
                .contains("\"head\":\"1:0\"")
                .contains("\"removed\":3")
                .contains("\"epoch\":\"2\"");
        assertThat(would.err()).contains("nothing was changed").contains("--yes");
        assertThat(cli.done("repair", "-o", "json").out()).isEqualTo(would.out());
        Cli.Result did = cli.done("repair", "--yes", "-o", "json");
        assertThat(did.out()).isEqualTo(would.out().replace("false", "true"));
        assertThat(did.err()).isEmpty();
        cli.done("verify");
        assertThat(cli.done("read", "--all", "-o", "ndjson").lines()).hasSize(1);
        cli.done("append", "Order-2", "--type", "OrderPlaced", "--data", "{}");
    }

    @Test
    void a_table_that_is_not_there_is_not_made() {
        for (List<String> command : List.of(List.of("repair"), List.of("repair", "--yes"))) {
            Cli.Result result = on("nowhere").run(command.toArray(String[]::new));
            assertThat(result.code()).isNotZero();
            assertThat(result.err()).contains("nowhere").contains("not there");
        }
    }

    @Test
    void a_store_that_needs_no_repair_says_so() {
        Cli.Result result = new Cli().run("-s", "memory:", "repair", "--yes");
        assertThat(result.code()).isEqualTo(6);
        assertThat(result.err()).contains("memory:").contains("nothing to repair");
    }
}
