package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventStore;
import dev.polylog.cli.shell.Interruption;
import dev.polylog.cli.shell.Shell;
import dev.polylog.cli.shell.Terminal;
import dev.polylog.subscription.FailurePolicy;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {

    private static final Terminal WIDE = new Terminal(true, true, false, false, 100);

    @TempDir
    private Path folder;

    private Cli cli;

    @BeforeEach
    void makeStore() {
        cli = Cli.on(folder.resolve("a.db"));
    }

    private void appendThree() {
        for (int i = 1; i <= 3; i++) {
            cli.done("append", "Order-1", "--type", "T" + i % 2, "--data", "{\"n\":" + i + ".0}");
        }
        cli.done("append", "Bill-1", "--type", "T1", "--data", "{}");
    }

    private void refused(int code, String message, String... args) {
        Cli.Result result = cli.run(args);
        assertThat(result.err()).contains(message).doesNotContain("\tat ");
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(code);
    }

    @Test
    void an_append_prints_where_the_event_stands() {
        assertThat(cli.done("append", "A-1", "--type", "T", "--data", "{}", "--expect", "none")
                        .out())
                .startsWith("{\"stream\":\"A-1\",\"version\":1,\"position\":\"1\",\"id\":\"")
                .endsWith("\"repeated\":false}\n");
        assertThat(cli.terminal(WIDE)
                        .done("append", "A-1", "--type", "T", "--data", "{}")
                        .lines())
                .contains("version   2", "repeated  false");
    }

    @Test
    void an_append_is_repeated_by_its_id_and_refused_on_another_version() {
        String[] append = {
            "append",
            "A-1",
            "--type",
            "T",
            "--data",
            "{}",
            "--expect",
            "0",
            "--id",
            "08b1cde8-d7c9-55f8-ba1c-733104d4969f"
        };
        assertThat(cli.done(append).out()).contains("\"repeated\":false");
        assertThat(cli.done(append).out()).contains("\"version\":1").contains("\"repeated\":true");
        refused(4, "its version is 1", "append", "A-1", "--type", "T", "--data", "{}", "--expect", "none");
        refused(4, "expected streamExists", "append", "A-2", "--type", "T", "--data", "{}", "--expect", "exists");
    }

    @Test
    void data_comes_from_the_command_line_a_file_or_standard_input_to_the_byte() throws IOException {
        Path file = Files.write(folder.resolve("data"), new byte[] {0, -1, '\n'});
        cli.done(
                "append", "A-1", "--type", "T", "--data", "@" + file, "--content-type", "image/png", "--meta", "k=v=w");
        cli.input("{\"a\" : 1.0}\n").done("append", "A-1", "--type", "T", "--data", "-");
        cli.done("append", "A-1", "--type", "T", "--data", "\"é😀\"");
        assertThat(cli.done("read", "A-1").out())
                .contains(
                        "\"metadata\":{\"k\":\"v=w\"},\"dataBase64\":\"AP8K\"",
                        "\"data\":{\"a\" : 1.0}}",
                        "\"data\":\"é😀\"");
    }

    @Test
    void wrong_command_lines_end_with_2_and_say_what_to_do() {
        refused(2, "a command is missing");
        refused(2, "Did you mean", "raed");
        refused(2, "name a stream", "read");
        refused(2, "Try: polylog append --help", "append", "A-1", "--data", "{}");
        refused(2, "--data is not JSON", "append", "A-1", "--type", "T", "--data", "{a:1}");
        refused(2, "--data is not JSON", "append", "A-1", "--type", "T", "--data", "");
        refused(2, "expected any, none, exists", "append", "A-1", "--type", "T", "--data", "{}", "--expect", "-1");
        refused(2, "expected a UUID", "append", "A-1", "--type", "T", "--data", "{}", "--id", "7");
        refused(2, "begins with $", "append", "$A", "--type", "T", "--data", "{}");
        refused(2, "could not be read", "append", "A\uFFFD", "--type", "T", "--data", "{}");
        cli.done("append", "A-1", "--type", "T", "--data", "{}");
        refused(2, "use --after", "read", "--all", "--from", "2");
        refused(2, "use --from", "read", "A-1", "--after", "2");
        refused(2, "not a position", "read", "--all", "--after", "x");
        refused(2, "expected 1 or more", "read", "A-1", "--from", "0");
        refused(2, "use them with --all", "read", "A-1", "--category", "A");
        refused(2, "--last", "tail", "--last", "-1");
        refused(2, "contains a control character", "read", "A\n");
        refused(2, "no backend for the scheme", "-s", "nosuch:x", "traits");
        refused(2, "expected scheme:address", "-s", "nosuch", "traits");
        refused(2, "unknown option", "-s", "memory:?password=geheim", "traits");
        assertThat(cli.run("-s", "nosuch:?password=geheim", "traits").err()).doesNotContain("geheim");
        assertThat(new Cli().run("verify").err()).contains("POLYLOG_STORE");
    }

    @Test
    void what_is_not_there_ends_with_3() {
        refused(3, "there is no file", "read", "A-1");
        assertThat(folder.resolve("a.db")).doesNotExist();
        appendThree();
        refused(3, "has no events", "read", "A-1");
        refused(3, "no such file", "import", folder.resolve("no").toString());
        refused(3, "no durable subscription", "subscriptions", "show", "invoices");
    }

    @Test
    void a_power_that_the_store_lacks_and_a_store_that_cannot_be_reached_have_codes_of_their_own() {
        refused(5, "nosuchfolder", "-s", "sqlite:" + folder.resolve("nosuchfolder/a.db"), "traits");
    }

    @Test
    void a_stack_trace_is_shown_only_when_asked_for() {
        appendThree();
        assertThat(cli.run("--debug", "read", "A-1").err()).contains("\tat ");
        assertThat(cli.env("POLYLOG_DEBUG", "1").run("read", "A-1").err()).contains("\tat ");
    }

    @Test
    void a_stream_is_read_from_and_to_versions_both_ways() {
        appendThree();
        assertThat(versions("read", "Order-1")).isEqualTo("123");
        assertThat(versions("read", "Order-1", "--from", "2")).isEqualTo("23");
        assertThat(versions("read", "Order-1", "--to", "2", "--backwards")).isEqualTo("21");
        assertThat(versions("read", "Order-1", "--from", "2", "--to", "2")).isEqualTo("2");
        assertThat(versions("read", "Order-1", "--from", "2", "--backwards", "--limit", "1"))
                .isEqualTo("3");
        assertThat(versions("read", "Order-1", "--last", "2")).isEqualTo("23");
        assertThat(versions("read", "Order-1", "--type", "T1", "--last", "1", "--to", "2"))
                .isEqualTo("1");
        assertThat(versions("read", "Order-1", "--type", "T1")).isEqualTo("13");
        assertThat(versions("read", "Order-1", "--from", "9")).isEmpty();
        assertThat(versions("read", "Order-1", "--limit", "0")).isEmpty();
    }

    @Test
    void everything_is_read_by_filters_and_positions_both_ways() {
        appendThree();
        assertThat(versions("read", "--all")).isEqualTo("1231");
        assertThat(versions("read", "--all", "--category", "Order", "--type", "T1"))
                .isEqualTo("13");
        assertThat(versions("read", "--all", "--category", "Order", "--category", "Bill", "--last", "2"))
                .isEqualTo("31");
        assertThat(versions("read", "--all", "--prefix", "Bi")).isEqualTo("1");
        assertThat(versions("read", "--all", "--after", "2")).isEqualTo("31");
        assertThat(versions("read", "--all", "--after", "2", "--backwards")).isEqualTo("13");
        assertThat(versions("read", "--all", "--limit", "2")).isEqualTo("12");
        assertThat(versions("read", "--all", "--type", "none")).isEmpty();
    }

    private String versions(String... args) {
        return String.join(
                "",
                cli.done(args).lines().stream()
                        .map(line -> line.replaceFirst(".*?\"version\":(\\d+).*", "$1"))
                        .toList());
    }

    @Test
    void formats_are_a_table_for_people_and_lines_for_pipes() {
        appendThree();
        assertThat(cli.done("read", "Order-1", "-o", "json").out())
                .startsWith("[\n{")
                .endsWith("}\n]\n")
                .contains("},\n{");
        assertThat(cli.done("read", "--all", "--type", "none", "-o", "json").out())
                .isEqualTo("[]\n");
        assertThat(cli.done("read", "Order-1", "-o", "cloudevents").lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("{\"specversion\":\"1.0\""));
        assertThat(cli.done("read", "Order-1", "-o", "table").lines().get(0)).matches("VERSION +RECORDED +TYPE +DATA");
        cli.terminal(WIDE);
        assertThat(cli.done("read", "--all").lines())
                .hasSize(5)
                .last()
                .asString()
                .matches("4 +Bill-1 +1 +.*Z +T1 +\\{\\}");
        assertThat(cli.done("read", "--all", "-o", "ndjson").lines()).hasSize(4);
    }

    @Test
    void nothing_in_an_event_can_move_the_cursor_of_a_terminal() {
        cli.done("append", "A\u202e-1", "--type", "\u202eT", "--data", "\u001b[2J\n", "--content-type", "text/plain");
        Cli.Result result = cli.terminal(WIDE).done("read", "--all");
        assertThat(result.out()).contains("A\\u202e-1", "\\u001b[2J").doesNotContain("\u001b", "\u202e");
    }

    @Test
    void colours_are_for_terminals_that_want_them() {
        appendThree();
        Terminal colourful = new Terminal(true, true, false, true, 100);
        assertThat(cli.terminal(colourful).done("read", "--all").out()).contains("\u001b[1m");
        assertThat(cli.terminal(colourful).done("--help").out()).contains("\u001b[");
        assertThat(cli.terminal(WIDE).done("--help").out()).doesNotContain("\u001b");
    }

    @Test
    void the_tail_is_the_last_ten() {
        assertThat(cli.run("tail").code()).isEqualTo(3);
        appendThree();
        for (int i = 0; i < 10; i++) {
            cli.done("append", "Order-1", "--type", "T", "--data", "{}");
        }
        assertThat(cli.done("tail").lines()).hasSize(10);
        assertThat(versions("tail", "Order-1", "--last", "2")).isEqualTo("1213");
        assertThat(versions("tail", "--category", "Bill")).isEqualTo("1");
    }

    @Test
    void a_tail_that_follows_shows_what_comes_and_ends_when_the_user_wants() throws InterruptedException {
        appendThree();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell = shell(out, err);
        int[] code = new int[1];
        Thread follower = new Thread(() -> code[0] = Main.run(shell, "tail", "-f", "--category", "Order", "-n", "1"));
        follower.start();
        await(() -> out.toString(StandardCharsets.UTF_8).contains("\"version\":3"));
        for (int i = 4; i <= 6; i++) {
            cli.done("append", "Bill-1", "--type", "T", "--data", "{}");
            cli.done("append", "Order-1", "--type", "T", "--data", "{}");
        }
        await(() -> out.toString(StandardCharsets.UTF_8).contains("\"version\":6"));
        shell.interruption().request();
        follower.join();
        assertThat(code[0]).isEqualTo(130);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(4).allMatch(line -> line.contains("Order-1"));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for two minutes").isLessThan(end);
            Thread.sleep(20);
        }
    }

    private Shell shell(OutputStream out, OutputStream err) {
        return Shell.of(
                new ByteArrayInputStream(new byte[0]),
                out,
                err,
                Map.of("POLYLOG_STORE", "sqlite:" + folder.resolve("a.db")),
                new Terminal(false, false, true, false, Integer.MAX_VALUE));
    }

    @Test
    void a_reader_that_has_gone_ends_a_command_quietly() {
        appendThree();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Datenübergabe unterbrochen");
            }
        };
        for (String[] command : new String[][] {{"read", "--all"}, {"export"}, {"verify"}, {"tail"}, {"--help"}}) {
            assertThat(Main.run(shell(gone, err), command)).as(command[0]).isZero();
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void a_full_disk_is_a_failure() {
        appendThree();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        Shell shell = Shell.of(
                new ByteArrayInputStream(new byte[0]),
                full,
                err,
                Map.of("POLYLOG_STORE", "sqlite:" + folder.resolve("a.db")),
                Terminal.none());
        assertThat(Main.run(shell, "read", "--all")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("polylog: cannot write to standard output: No space left on device\n");
    }

    @Test
    void an_interrupted_import_says_how_far_it_got() {
        Shell shell = shell(new ByteArrayOutputStream(), new ByteArrayOutputStream());
        Interruption interruption = shell.interruption();
        interruption.request();
        assertThat(Main.run(shell, "import", "-")).isEqualTo(130);
    }

    @Test
    void traits_are_printed() {
        assertThat(cli.done("traits").out()).contains("\"backend\":\"sqlite\"", "\"multiStreamAppend\":true");
        assertThat(cli.terminal(WIDE).done("traits").lines()).contains("backend                 sqlite");
    }

    @Test
    void the_demo_tells_its_story_again_and_again() {
        Cli.Result first = cli.done("-s", "sqlite:" + folder.resolve("demo.db"), "demo");
        assertThat(first.out())
                .contains("Order-1", "conflict, expected version 3, but it is 4", "nothing was written")
                .contains("recognised by the event's id", "paid, items: 4", "at version 3:  open, items: 2")
                .doesNotContain("not yet up to date");
        assertThat(first.out().lines().filter(line -> line.startsWith("  polylog -s")))
                .hasSize(5);
        assertThat(cli.done("-s", "sqlite:" + folder.resolve("demo.db"), "demo").out())
                .contains("Order-2");
        Cli.on(folder.resolve("demo.db"))
                .done("append", "Order-2", "--type", "OrderShipped", "--data", "{}", "--expect", "6");
    }

    @Test
    void subscriptions_are_listed_shown_replayed_and_dropped() throws Exception {
        appendThree();
        assertThat(cli.done("subscriptions", "list").out()).isEmpty();
        assertThat(cli.done("subscriptions", "list", "-o", "table").lines()).containsExactly("NAME  POSITION  PARKED");
        parkTwo();
        assertThat(cli.done("subscriptions", "list").out()).contains("\"name\":\"invoices\"", "\"parked\":2");
        assertThat(cli.done("subscriptions", "show", "invoices").out())
                .contains("\"head\":\"4\"", "\"parked\":2", "\"toBeReplayed\":0");
        assertThat(cli.done("subscriptions", "parked", "invoices").lines())
                .hasSize(2)
                .first()
                .asString()
                .contains("\"position\":\"2\",\"stream\":\"Order-1\",\"version\":2", "no ink");
        refused(2, "--all-parked", "subscriptions", "drop", "invoices");
        refused(2, "not a position", "subscriptions", "replay", "invoices", "x");
        refused(2, "a command is missing", "subscriptions");
        assertThat(cli.done("subscriptions", "replay", "invoices", "2").err()).contains("1 events asked for");
        assertThat(cli.done("subscriptions", "show", "invoices").out()).contains("\"toBeReplayed\":1");
        assertThat(cli.done("subscriptions", "drop", "invoices", "--all-parked").err())
                .contains("2 events dropped");
        assertThat(cli.run("subscriptions", "drop", "invoices", "--all-parked").code())
                .isEqualTo(3);
        assertThat(cli.done("subscriptions", "reset", "invoices", "--to", "1").err())
                .contains("invoices goes on after position 1");
        assertThat(cli.done("subscriptions", "show", "invoices").out()).contains("\"position\":\"1\"");
        assertThat(cli.done("subscriptions", "reset", "invoices", "--to", "head")
                        .err())
                .contains("position 4");
        refused(2, "not a position", "subscriptions", "reset", "invoices", "--to", "end");
        refused(2, "head of the log", "subscriptions", "reset", "invoices", "--to", "99");
        assertThat(cli.run("subscriptions", "reset", "nobody", "--to", "head").code())
                .isEqualTo(3);
    }

    /** A subscription whose handler fails at version 2 of a stream, so that version 3 is put aside with it. */
    private void parkTwo() throws InterruptedException {
        SubscriptionOptions options = SubscriptionOptions.durable("invoices")
                .onFailure(FailurePolicy.park().retries(0));
        try (EventStore store = EventStore.open("sqlite:" + folder.resolve("a.db"));
                Subscription subscription = store.subscribe(options, event -> {
                    if (event.version() == 2) {
                        throw new IllegalStateException("no ink");
                    }
                })) {
            await(() -> subscription.status().parked() == 2
                    && subscription.status().position().equals(store.watermark().position()));
        }
    }
}
