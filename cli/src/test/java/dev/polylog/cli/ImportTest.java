package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.StreamId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportTest {

    private static final int EVENTS = 1000;

    @TempDir
    private Path folder;

    private final List<String> lines = OrderLog.lines(42, EVENTS);
    private Path file;
    private Cli cli;

    @BeforeEach
    void writeFile() throws IOException {
        file = write("log.jsonl", lines);
        cli = Cli.on(folder.resolve("a.db"));
    }

    private Path write(String name, List<String> content) throws IOException {
        return Files.write(folder.resolve(name), OrderLog.bytes(content));
    }

    private Cli other(String name) {
        return Cli.on(folder.resolve(name));
    }

    private static List<String> ids(List<String> jsonLines) {
        return jsonLines.stream()
                .map(line -> line.replaceFirst(".*?\"id\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    @Test
    void events_are_stored_in_the_order_of_the_file() {
        Cli.Result result = cli.done("import", file.toString());
        assertThat(result.out()).contains("\"stored\":1000", "\"alreadyThere\":0", "\"linesLeftOut\":0");
        assertThat(ids(cli.done("read", "--all").lines())).isEqualTo(ids(lines));
        assertThat(result.out()).contains(cli.digest());
    }

    @Test
    void a_second_import_stores_nothing_and_says_so() {
        cli.done("import", file.toString());
        String digest = cli.digest();
        assertThat(cli.done("import", file.toString()).out()).contains("\"stored\":0", "\"alreadyThere\":1000");
        assertThat(cli.digest()).isEqualTo(digest);
    }

    @Test
    void stores_with_other_limits_end_with_the_same_content() {
        cli.done("import", file.toString());
        Cli small = new Cli().env("POLYLOG_STORE", "sqlite:" + folder.resolve("b.db") + "?maxEventsPerAppend=50");
        small.done("import", file.toString());
        assertThat(small.digest()).isEqualTo(cli.digest());
        assertThat(new Cli()
                        .done("-s", "memory:", "import", "--verify", file.toString())
                        .out())
                .contains(cli.digest(), "holds exactly these events");
    }

    @Test
    void an_import_goes_on_where_another_ended_wherever_that_was() throws IOException {
        other("whole.db").done("import", file.toString());
        for (int stored : List.of(1, 49, 999)) {
            Cli part = other("part" + stored + ".db");
            part.done("import", write("part.jsonl", lines.subList(0, stored)).toString());
            assertThat(part.done("import", file.toString()).out())
                    .contains("\"stored\":" + (EVENTS - stored), "\"alreadyThere\":" + stored);
            assertThat(part.digest()).isEqualTo(other("whole.db").digest());
        }
    }

    @Test
    void what_is_there_beside_is_no_hindrance_and_nothing_is_stored_twice() {
        cli.done("append", "Other-1", "--type", "T", "--data", "{}");
        cli.done("import", file.toString());
        assertThat(cli.done("import", file.toString()).out()).contains("\"stored\":0", "\"alreadyThere\":1000");
        assertThat(ids(cli.done("read", "--all", "--category", "Order").lines()))
                .isEqualTo(ids(lines));
    }

    @Test
    void events_that_came_in_another_order_are_found() throws IOException {
        String firstStream = lines.get(0).replaceFirst(".*\"subject\":\"([^\"]*)\".*", "$1");
        List<String> ofOne = lines.stream()
                .filter(line -> line.contains("\"subject\":\"" + firstStream + "\""))
                .toList();
        cli.input(OrderLog.bytes(ofOne)).done("import", "-");
        assertThat(cli.done("import", file.toString()).out())
                .contains("\"stored\":" + (EVENTS - ofOne.size()), "\"alreadyThere\":" + ofOne.size());
        assertThat(cli.run("import", "--verify", file.toString()).code()).isEqualTo(7);
        assertThat(cli.done("verify").out()).contains("\"events\":1000", "\"findings\":[]");
    }

    @Test
    void another_event_at_an_events_place_ends_the_import_with_line_stream_and_version() throws IOException {
        cli.done("import", write("some.jsonl", lines.subList(0, 100)).toString());
        String stream = lines.get(100).replaceFirst(".*\"subject\":\"([^\"]*)\".*", "$1");
        long version = lines.subList(0, 101).stream()
                .filter(line -> line.contains("\"" + stream + "\""))
                .count();
        cli.done("append", stream, "--type", "Foreign", "--data", "{}");
        Cli.Result result = cli.run("import", file.toString());
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("line 101:", "stream " + stream, "version " + version, "(Foreign)");
    }

    @Test
    void the_same_event_id_with_other_content_ends_the_import() throws IOException {
        cli.done("import", file.toString());
        List<String> changed = new ArrayList<>(lines);
        changed.set(500, changed.get(500).replace(".0}}", ".00}}"));
        Cli.Result result = cli.run("import", write("changed.jsonl", changed).toString());
        assertThat(result.code()).isEqualTo(4);
        assertThat(result.err()).contains("line 501:", "other content");
    }

    @Test
    void a_broken_line_ends_the_import_and_everything_before_it_is_stored() throws IOException {
        List<String> broken = new ArrayList<>(lines);
        broken.set(234, "{\"specversion\":\"1.0\"");
        Path brokenFile = write("broken.jsonl", broken);
        Cli.Result result = cli.run("import", brokenFile.toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("line 235: not valid JSON", "--skip-bad", "stored 234 events");
        assertThat(cli.done("read", "--all").lines()).hasSize(234);
        Cli.Result again = cli.done("import", "--skip-bad", brokenFile.toString());
        assertThat(again.out()).contains("\"stored\":" + (EVENTS - 235), "\"alreadyThere\":234", "\"linesLeftOut\":1");
        assertThat(again.err()).contains("line 235 left out: not valid JSON");
    }

    @Test
    void every_broken_line_is_named_and_left_out() throws IOException {
        List<String> broken = new ArrayList<>(lines.subList(0, 100));
        broken.set(9, "");
        broken.set(19, "{}");
        broken.set(29, broken.get(29).replaceFirst("\"subject\":\"[^\"]*\"", "\"subject\":7"));
        broken.set(39, broken.get(39).replaceFirst("\"subject\":\"[^\"]*\"", "\"subject\":\"\\$x\""));
        broken.set(49, broken.get(49).replaceFirst("\"type\":\"[^\"]*\"", "\"type\":\" \""));
        broken.set(59, broken.get(58));
        broken.set(69, broken.get(69).replaceFirst("\"data\":.*", "\"data\":\"" + "x".repeat(17 << 20) + "\"}"));
        Cli.Result result =
                cli.done("import", "--skip-bad", write("broken.jsonl", broken).toString());
        assertThat(result.err().lines().map(line -> line.replaceFirst("polylog: (line \\d+).*", "$1")))
                .containsExactly("line 20", "line 30", "line 40", "line 50", "line 60", "line 70");
        assertThat(result.err())
                .contains("\"subject\" is a number", "begins with $", "the type is blank", "maxPayloadBytes");
        assertThat(result.out()).contains("\"stored\":93", "\"linesLeftOut\":6");
    }

    @Test
    void packed_files_are_understood_whatever_their_name_and_through_a_pipe() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(OrderLog.bytes(lines));
        }
        cli.done(
                "import",
                Files.write(folder.resolve("packed"), packed.toByteArray()).toString());
        Cli pipe = other("b.db").input(packed.toByteArray());
        pipe.done("import", "-");
        assertThat(pipe.digest()).isEqualTo(cli.digest());
    }

    @Test
    void a_packed_file_that_was_cut_off_is_an_error_after_its_last_whole_line() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(OrderLog.bytes(lines));
        }
        byte[] half = Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
        Cli.Result result =
                cli.run("import", Files.write(folder.resolve("half.gz"), half).toString());
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("cannot be read beyond line");
        cli.done("import", file.toString());
        assertThat(cli.done("read", "--all").lines()).hasSize(EVENTS);
    }

    @Test
    void line_breaks_of_windows_and_a_missing_last_one_are_no_matter() {
        byte[] windows = (String.join("\r\n", lines.subList(0, 50))).getBytes(StandardCharsets.UTF_8);
        assertThat(cli.input(windows).done("import", "-").out()).contains("\"stored\":50");
    }

    @Test
    void what_was_exported_gives_the_same_content_elsewhere() throws IOException {
        try (EventStore store = EventStore.open("sqlite:" + folder.resolve("a.db"))) {
            store.append(
                    StreamId.of("Ünï \"x\"-1"),
                    ExpectedVersion.any(),
                    EventData.json("T", "{\n\"a\":1.0}")
                            .withMetadata("My name", "v\n\u2028")
                            .correlatedBy("c"),
                    EventData.of("T", "image/png", Payload.of(new byte[] {0, -1, 10})),
                    EventData.json("T", "{\"a\":1.0,\"a\":1.00}"));
        }
        cli.done("import", file.toString());
        for (String name : List.of("out.jsonl", "out.jsonl.gz")) {
            Path out = folder.resolve(name);
            assertThat(cli.done("export", out.toString()).err()).contains("1,003 events");
            Cli copy = other(name + ".db");
            copy.done("import", "--verify", out.toString());
            assertThat(copy.digest()).isEqualTo(cli.digest());
        }
        assertThat(Files.size(folder.resolve("out.jsonl.gz"))).isLessThan(Files.size(folder.resolve("out.jsonl")) / 2);
        assertThat(cli.done("export").bytes()).isEqualTo(Files.readAllBytes(folder.resolve("out.jsonl")));
    }

    @Test
    void an_export_replaces_no_file_unless_asked_to() {
        cli.done("import", file.toString());
        Cli.Result refused = cli.run("export", file.toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("--overwrite");
        cli.done("export", "--overwrite", file.toString());
        assertThat(other("b.db").done("import", file.toString()).out()).contains("\"stored\":1000");
        assertThat(folder.resolve("log.jsonl.part")).doesNotExist();
    }
}
