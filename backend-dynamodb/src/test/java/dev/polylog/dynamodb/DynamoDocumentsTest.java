package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylog.spi.BackendUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeyType;

/** The templates make the table that the code makes, and the policies of the documents are policies. */
class DynamoDocumentsTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Path PAGE = Path.of("..", "docs", "backends", "dynamodb.md");
    private static final Set<String> ACTIONS = Set.of(
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:CreateTable",
            "dynamodb:DeleteItem",
            "dynamodb:DeleteTable",
            "dynamodb:DescribeTable",
            "dynamodb:DescribeTimeToLive",
            "dynamodb:GetItem",
            "dynamodb:PartiQLDelete",
            "dynamodb:PartiQLInsert",
            "dynamodb:PartiQLUpdate",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:UpdateContinuousBackups",
            "dynamodb:UpdateItem",
            "dynamodb:UpdateTimeToLive");

    private static String resource(String name) throws IOException {
        try (InputStream in = DynamoBackend.class.getResourceAsStream(name)) {
            assertThat(in).as("the resource %s", name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, String> ofCloudFormation(String template) throws IOException {
        JsonNode table = JSON.readTree(template).at("/Resources/EventLog/Properties");
        Map<String, String> facts = new TreeMap<>();
        facts.put("name", table.get("TableName").asText());
        facts.put("billing", table.get("BillingMode").asText());
        table.get("KeySchema")
                .forEach(key -> facts.put(
                        key.get("KeyType").asText(), key.get("AttributeName").asText()));
        table.get("AttributeDefinitions")
                .forEach(attribute -> facts.put(
                        "attribute " + attribute.get("AttributeName").asText(),
                        attribute.get("AttributeType").asText()));
        facts.put("protected", table.get("DeletionProtectionEnabled").asText());
        facts.put(
                "backups",
                table.at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")
                        .asText());
        return facts;
    }

    private static Map<String, String> ofTerraform(String file) {
        Map<String, String> values = new LinkedHashMap<>();
        Matcher value =
                Pattern.compile("(?m)^  (\\w+)\\s*=\\s*\"?([^\"\\n]+)\"?$").matcher(file);
        while (value.find()) {
            values.put(value.group(1), value.group(2));
        }
        Map<String, String> facts = new TreeMap<>();
        facts.put("name", values.get("name"));
        facts.put("billing", values.get("billing_mode"));
        facts.put("HASH", values.get("hash_key"));
        facts.put("RANGE", values.get("range_key"));
        facts.put("protected", values.get("deletion_protection_enabled"));
        Matcher attribute = Pattern.compile("attribute \\{\\s*name = \"(\\w+)\"\\s*type = \"(\\w)\"\\s*\\}")
                .matcher(file);
        while (attribute.find()) {
            facts.put("attribute " + attribute.group(1), attribute.group(2));
        }
        Matcher backups = Pattern.compile("point_in_time_recovery \\{\\s*enabled = (\\w+)\\s*\\}")
                .matcher(file);
        facts.put("backups", backups.find() ? backups.group(1) : "none");
        return facts;
    }

    private static Map<String, String> ofCode() {
        CreateTableRequest request = DynamoTable.creation("events");
        Map<String, String> facts = new TreeMap<>();
        facts.put("name", request.tableName());
        facts.put("billing", request.billingModeAsString());
        request.keySchema()
                .forEach(key -> facts.put(key.keyType() == KeyType.HASH ? "HASH" : "RANGE", key.attributeName()));
        request.attributeDefinitions()
                .forEach(attribute ->
                        facts.put("attribute " + attribute.attributeName(), attribute.attributeTypeAsString()));
        facts.put("protected", request.deletionProtectionEnabled().toString());
        return facts;
    }

    @Test
    void both_templates_make_the_table_that_the_code_makes_and_switch_backups_on() throws IOException {
        Map<String, String> wanted = new TreeMap<>(ofCode());
        wanted.put("backups", "true");
        assertThat(ofCloudFormation(resource("table.cloudformation.json"))).isEqualTo(wanted);
        assertThat(ofTerraform(resource("table.tf"))).isEqualTo(wanted);
    }

    @Test
    void the_printed_schema_is_a_template_with_the_tables_name() throws IOException {
        BackendUrl url = BackendUrl.parse("dynamodb://eu-central-1/orders.log-1");
        DynamoBackendProvider provider = new DynamoBackendProvider();
        assertThat(provider.forms()).containsExactly("cloudformation", "terraform");
        Map<String, String> facts = ofCloudFormation(provider.schema(url, "cloudformation"));
        assertThat(facts).containsEntry("name", "orders.log-1");
        assertThat(ofTerraform(provider.schema(url, "terraform"))).isEqualTo(facts);
        assertThatThrownBy(() -> provider.schema(url, "pulumi"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pulumi")
                .hasMessageContaining("terraform");
    }

    @Test
    void the_policies_of_the_page_are_policies_and_allow_what_is_needed() throws IOException {
        Map<String, JsonNode> policies = new LinkedHashMap<>();
        Matcher block = Pattern.compile("(?s)### (\\w+)\\n+```json\\n(.*?)```").matcher(Files.readString(PAGE));
        while (block.find()) {
            policies.put(block.group(1), JSON.readTree(block.group(2)));
        }
        assertThat(policies).containsOnlyKeys("Writer", "Reader", "Admin");
        policies.forEach(DynamoDocumentsTest::wellFormed);
        assertThat(actions(policies.get("Writer"), "Allow"))
                .contains("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem", "dynamodb:Query")
                .doesNotContain("dynamodb:DeleteItem", "dynamodb:Scan");
        assertThat(actions(policies.get("Reader"), "Allow"))
                .contains("dynamodb:Query", "dynamodb:GetItem", "dynamodb:BatchGetItem")
                .noneMatch(action -> action.matches(".*(Put|Update|Delete|Create|Write).*"));
        assertThat(actions(policies.get("Admin"), "Allow"))
                .contains("dynamodb:CreateTable", "dynamodb:DeleteItem", "dynamodb:Scan");
    }

    private static void wellFormed(String name, JsonNode policy) {
        assertThat(policy.get("Version").asText()).as(name).isEqualTo("2012-10-17");
        assertThat(policy.get("Statement").isArray()).as(name).isTrue();
        policy.get("Statement").forEach(statement -> {
            assertThat(statement.get("Effect").asText()).isIn("Allow", "Deny");
            assertThat(statement.get("Resource").asText()).startsWith("arn:aws:dynamodb:");
            statement
                    .get("Action")
                    .forEach(action -> assertThat(action.asText()).isIn(ACTIONS));
        });
        assertThat(actions(policy, "Deny")).doesNotContainAnyElementsOf(actions(policy, "Allow"));
    }

    private static Set<String> actions(JsonNode policy, String effect) {
        Set<String> actions = new TreeSet<>();
        policy.get("Statement").forEach(statement -> {
            if (statement.get("Effect").asText().equals(effect)) {
                statement.get("Action").forEach(action -> actions.add(action.asText()));
            }
        });
        return actions;
    }
}
