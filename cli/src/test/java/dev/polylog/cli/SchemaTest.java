package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SchemaTest {

    private final Cli cli = new Cli();

    @Test
    void the_schema_is_printed_without_contacting_the_store() {
        String script = cli.done("-s", "postgresql://app:hunter2@127.0.0.1:1/app?schema=orders", "schema", "print")
                .out();
        assertThat(script).contains("\"orders\"").contains("create").doesNotContain("hunter2");
    }

    @Test
    void the_table_of_DynamoDB_is_printed_in_the_form_that_is_wanted() {
        Cli table = new Cli().env("POLYLOG_STORE", "dynamodb://eu-central-1/orders");
        assertThat(table.done("schema", "print").out())
                .isEqualTo(table.done("schema", "print", "--form", "cloudformation")
                        .out())
                .contains("\"TableName\": \"orders\"");
        assertThat(table.done("schema", "print", "--form", "terraform").out())
                .contains("aws_dynamodb_table")
                .contains("= \"orders\"");
        Cli.Result refused = table.run("schema", "print", "--form", "pulumi");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("pulumi").contains("cloudformation or terraform");
    }

    @Test
    void a_store_that_makes_itself_has_no_schema_to_print() {
        assertThat(cli.run("-s", "memory:", "schema", "print").code()).isEqualTo(6);
    }

    @Test
    void a_hostile_schema_name_never_reaches_the_script() {
        Cli.Result result =
                cli.run("-s", "postgresql://127.0.0.1:1/app?schema=a%22%3Bdrop%20table%20x", "schema", "print");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
    }
}
