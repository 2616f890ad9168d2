package dev.polylog.cli.command;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.StreamId;
import dev.polylog.cli.cloudevents.EventIds;
import dev.polylog.cli.cloudevents.JsonTexts;
import dev.polylog.cli.format.Report;
import dev.polylog.cli.format.ReportFormat;
import dev.polylog.cli.shell.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polylog append}. For one run. */
@Command(
        name = "append",
        mixinStandardHelpOptions = true,
        description = "Appends an event to a stream and prints where it stands.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog append Order-42 --type OrderPlaced --data '{\"total\":12}' --expect none",
            "  polylog append Order-42 --type OrderPaid --data @paid.json --expect 1 --meta user=ada",
            "  echo '{}' | polylog append Order-42 --type OrderShipped --data -",
            "  polylog append Scan-7 --type PageScanned --data @page.png --content-type image/png",
            "%nSaying it again with the same --id and --expect stores nothing and prints the first result.",
        })
public final class AppendCommand implements Callable<Integer> {

    private final PolylogCommand polylog;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "STREAM", description = "The stream, for example Order-42.")
    private String stream = "";

    @Option(
            names = "--type",
            paramLabel = "T",
            required = true,
            description = "What happened, for example OrderPlaced.")
    private String type = "";

    @Option(
            names = "--data",
            paramLabel = "JSON|-|@FILE",
            required = true,
            description = "The payload: the text itself, - for standard input, or @ and the name of a file. JSON is"
                    + " checked, and loses the line break at its end; else bytes are stored as they are.")
    private String data = "";

    @Option(
            names = "--expect",
            paramLabel = "any|none|exists|N",
            defaultValue = "any",
            description = "What the stream's version must be, 0 and none alike meaning that there is no event yet."
                    + " Default: ${DEFAULT-VALUE}.")
    private String expect = "any";

    @Option(names = "--id", paramLabel = "UUID", description = "The event's id. Default: a random one.")
    private @Nullable String id;

    @Option(names = "--meta", paramLabel = "K=V", description = "A metadata entry. May be repeated.")
    private Map<String, String> meta = new LinkedHashMap<>();

    @Option(
            names = "--content-type",
            paramLabel = "TYPE",
            defaultValue = EventData.JSON,
            description = "The payload's media type. Default: ${DEFAULT-VALUE}.")
    private String contentType = EventData.JSON;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}. Default: table on a terminal, json in a pipe.")
    private @Nullable ReportFormat format;

    /**
     * For one run.
     *
     * @param polylog the options of all commands
     */
    public AppendCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() throws IOException {
        ExpectedVersion expected = expected();
        EventData event = new EventData(id(), type, contentType, payload(), Metadata.of(meta));
        try (EventStore store = polylog.openStore()) {
            AppendResult result = store.append(StreamId.of(stream), expected, event);
            new Report()
                    .add("stream", stream)
                    .add("version", result.version())
                    .add("position", result.position())
                    .add("id", event.id())
                    .add("repeated", result.repeated())
                    .print(
                            polylog.shell(),
                            ReportFormat.orDefault(format, polylog.shell().terminal()));
            return ExitCode.DONE;
        }
    }

    private ExpectedVersion expected() {
        return switch (expect) {
            case "any" -> ExpectedVersion.any();
            case "none" -> ExpectedVersion.noStream();
            case "exists" -> ExpectedVersion.streamExists();
            default -> {
                if (!expect.matches("\\d{1,18}")) {
                    throw wrong("--expect " + expect + ": expected any, none, exists or a version such as 3");
                }
                yield ExpectedVersion.exactly(Long.parseLong(expect));
            }
        };
    }

    private UUID id() {
        if (id == null) {
            return UUID.randomUUID();
        }
        if (!EventIds.isUuid(id)) {
            throw wrong("--id " + id + ": expected a UUID such as 7f8f0de2-9d4e-4c0e-8f53-6d2d3f0a51c6");
        }
        return UUID.fromString(id);
    }

    private Payload payload() throws IOException {
        byte[] bytes = bytes();
        if (!JsonTexts.isJson(contentType)) {
            return Payload.of(bytes);
        }
        Optional<String> problem = JsonTexts.problem(bytes);
        if (problem.isPresent()) {
            throw wrong("--data is not JSON: " + problem.get()
                    + ". Mind the quotes of your shell, or name another --content-type");
        }
        return Payload.of(withoutLineBreak(bytes));
    }

    private byte[] bytes() throws IOException {
        if (data.equals("-")) {
            return polylog.shell().in().readAllBytes();
        }
        if (data.startsWith("@")) {
            try (InputStream in = Files.newInputStream(Path.of(data.substring(1)))) {
                return in.readAllBytes();
            }
        }
        return data.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] withoutLineBreak(byte[] json) {
        int length = json.length;
        if (length > 0 && json[length - 1] == '\n') {
            length--;
        }
        if (length > 0 && json[length - 1] == '\r') {
            length--;
        }
        return Arrays.copyOf(json, length);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
