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
