package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventStore;
import dev.polylog.RecordedEvent;
import dev.polylog.cli.cloudevents.CloudEventReader;
import dev.polylog.cli.cloudevents.InvalidCloudEvent;
import dev.polylog.cli.cloudevents.StreamEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileLinesTest {

    private static final int LINES = 10_000;
    private static final long SEED = 20260131;
    private static final Pattern LEFT_OUT = Pattern.compile("polylog: line (\\d+) left out: (.{5,})");
    private static final List<String> TEXTS = List.of(
            "",
            " ",
            "a",
            "A-1",
            "$sys",
            "a\\u0000b",
            "\\ud800",
            "\\u0085",
            "é😀",
            "\\\"",
            "\\\\",
            "x".repeat(255),
            "x".repeat(256),
            "..",
            "a/b:c#d|e",
            "\\u202e",
            "null",
            "\\n",
            "-");
    private static final List<String> VALUES = List.of(
            "null",
            "1",
            "-0",
            "1.0",
            "1e999",
            "true",
            "{}",
            "[]",
            "{\"a\":{\"a\":[1,2.0 , \"\\u0000\"]}}",
            "\"x\"",
            "\"\"",
            "\"AAEC\"",
            "\"A\"",
            "nul",
            "01",
            "\"\\x\"",
            "'x'",
            "NaN",
            "[1,]",
            "{\"a\":1,\"a\":1}");
    private static final List<String> NAMES = List.of(
            "specversion",
            "id",
            "source",
            "type",
            "subject",
            "time",
            "dataschema",
            "datacontenttype",
            "data",
            "data_base64",
            "correlationid",
            "causationid",
            "polylogmetadata",
            "polylogversion",
            "traceparent",
            "x",
            "Ext",
            "a_b",
            "",
            "é");

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);

    @Test
    void each_hostile_line_is_refused_with_its_number_and_reason_or_comes_back_exactly() {
        List<byte[]> lines = new ArrayList<>();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        for (int i = 0; i < LINES; i++) {
            byte[] line = line(i);
            lines.add(line);
            file.writeBytes(line);
            file.write('\n');
        }
        Path database = folder.resolve("a.db");
        Cli cli = Cli.on(database).input(file.toByteArray());
        Cli.Result result = cli.run("import", "--skip-bad", "-");
        assertThat(result.code()).as("seed %d: %s", SEED, result.err()).isZero();

        Set<Integer> refused = refused(result.err());
        assertThat(refused.size()).isBetween(LINES / 10, LINES * 9 / 10);
        requireOthersExactly(database, lines, refused);

        Cli again = Cli.on(database).input(file.toByteArray());
        Cli.Result repeated = again.done("import", "--skip-bad", "-");
        assertThat(repeated.out()).contains("\"stored\":0,");
        assertThat(repeated.err()).isEqualTo(result.err());
        byte[] exported = cli.done("export").bytes();
        Cli copy = Cli.on(folder.resolve("b.db")).input(exported);
        copy.done("import", "--verify", "-");
        assertThat(copy.digest()).isEqualTo(cli.digest());
    }

    private static Set<Integer> refused(String err) {
        Set<Integer> refused = new HashSet<>();
        for (String said : err.lines().toList()) {
            Matcher matcher = LEFT_OUT.matcher(said);
            assertThat(matcher.matches()).as(said).isTrue();
            assertThat(said).doesNotContain("Exception", "java.");
            assertThat(refused.add(Integer.parseInt(matcher.group(1)))).as(said).isTrue();
        }
        return refused;
    }

    private static void requireOthersExactly(Path database, List<byte[]> lines, Set<Integer> refused) {
        try (EventStore store = EventStore.open("sqlite:" + database)) {
            var stored = store.readAll().iterator();
            for (int i = 0; i < lines.size(); i++) {
                if (!refused.contains(i + 1) && !isBlank(lines.get(i))) {
                    RecordedEvent event = stored.next();
                    assertThat(new StreamEvent(event.stream(), event.data()))
                            .as("line %d", i + 1)
                            .isEqualTo(read(lines.get(i)));
                }
            }
            assertThat(stored.hasNext()).isFalse();
        }
    }

    private static boolean isBlank(byte[] line) {
        return new String(line, StandardCharsets.ISO_8859_1).chars().allMatch(c -> c == ' ' || c == '\t' || c == '\r');
    }

    private static StreamEvent read(byte[] line) {
        try {
            return CloudEventReader.read(line);
        } catch (InvalidCloudEvent e) {
            throw new AssertionError("stored, but is no event: " + new String(line, StandardCharsets.UTF_8), e);
        }
    }

    /** A good line with a few things wrong, or strange, or neither; now and then with broken bytes. */
    private byte[] line(int number) {
        List<String> attributes = new ArrayList<>(List.of(
                "\"specversion\":\"1.0\"",
                "\"id\":\"" + (random.nextInt(40) == 0 ? pick(TEXTS) : "id-" + number) + "\"",
                "\"source\":\"urn:s\"",
                "\"type\":\"" + (random.nextInt(10) == 0 ? pick(TEXTS) : "T") + "\"",
                "\"subject\":\"" + (random.nextInt(5) == 0 ? pick(TEXTS) : "S-" + random.nextInt(50)) + "\""));
        for (int n = random.nextInt(3); n > 0; n--) {
            String value = random.nextInt(3) == 0 ? pick(VALUES) : '"' + pick(TEXTS) + '"';
            attributes.add('"' + pick(NAMES) + "\":" + value);
        }
        if (random.nextInt(15) == 0) {
            attributes.remove(random.nextInt(attributes.size()));
        }
        String json = "{" + String.join(random.nextInt(50) == 0 ? "" : ",", attributes) + "}";
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        for (int n = random.nextInt(25) == 0 ? 1 + random.nextInt(3) : 0; n > 0; n--) {
            byte b = (byte) random.nextInt(256);
            bytes[random.nextInt(bytes.length)] = b == '\n' ? 0 : b;
        }
        return bytes;
    }

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
