package dev.polylog.postgres;

import dev.polylog.AppendResult;
import dev.polylog.Direction;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.tck.history.Action;
import dev.polylog.tck.history.LogEntry;
import dev.polylog.tck.history.Operation;
import dev.polylog.tck.history.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Operations as lines of text, so that processes can hand over what they recorded: appends of one stream that were
 * decided, and reads of a stream.
 */
final class HistoryLines {

    private HistoryLines() {}

    static String line(Operation operation) {
        List<String> fields =
                new ArrayList<>(List.of(String.valueOf(operation.invoked()), String.valueOf(operation.completed())));
        if (operation.action() instanceof Action.Append append) {
            Action.Write write = append.writes().get(0);
            fields.addAll(List.of("append", write.stream().name()));
            fields.add(String.valueOf(PostgresGroup.code(append.expectations().get(write.stream()))));
            fields.add(String.join(" ", write.ids().stream().map(UUID::toString).toList()));
            fields.addAll(decided(((Outcome.Decided) operation.outcome()).outcome()));
        } else if (operation.action() instanceof Action.ReadStream read
                && operation.outcome() instanceof Outcome.StreamSeen seen) {
            fields.addAll(List.of(
                    "read",
                    read.stream().name(),
                    String.valueOf(read.from()),
                    String.valueOf(read.maxEvents()),
                    String.valueOf(seen.endOfStream()),
                    String.valueOf(seen.version()),
                    read.direction().name()));
            seen.events()
                    .forEach(entry -> fields.add(
                            entry.version() + " " + entry.position() + " " + entry.id() + " " + entry.type()));
        } else {
            throw new IllegalArgumentException("not written down: " + operation);
        }
        return String.join("\t", fields);
    }

    private static List<String> decided(AppendOutcome outcome) {
        if (outcome instanceof AppendOutcome.Appended appended) {
            AppendResult.Written written = appended.result().streams().get(0);
            return List.of(
                    "appended",
                    String.valueOf(written.firstVersion()),
                    String.valueOf(written.lastVersion()),
                    appended.result().position().toString(),
                    String.valueOf(appended.result().repeated()));
        }
        AppendOutcome.Conflict conflict = (AppendOutcome.Conflict) outcome;
        return List.of("conflict", String.valueOf(conflict.actual()));
    }

    static Operation operation(long number, String client, String line) {
        String[] fields = line.split("\t");
        StreamId stream = StreamId.of(fields[3]);
        boolean append = fields[2].equals("append");
        return new Operation(
                number,
                client,
                Long.parseLong(fields[0]),
                Long.parseLong(fields[1]),
                append ? append(stream, fields) : read(stream, fields),
                append ? decided(stream, fields) : seen(stream, fields));
    }

    private static Action.Append append(StreamId stream, String[] fields) {
        List<UUID> ids =
                Arrays.stream(fields[5].split(" ")).map(UUID::fromString).toList();
        return new Action.Append(Map.of(stream, expected(fields[4])), List.of(new Action.Write(stream, ids)));
    }

    private static ExpectedVersion expected(String text) {
        long code = Long.parseLong(text);
        return code == PostgresGroup.ANY ? ExpectedVersion.any() : ExpectedVersion.exactly(code);
    }

    private static Outcome decided(StreamId stream, String[] fields) {
        if (fields[6].equals("conflict")) {
            return new Outcome.Decided(
                    new AppendOutcome.Conflict(stream, expected(fields[4]), Long.parseLong(fields[7])));
        }
        return new Outcome.Decided(new AppendOutcome.Appended(new AppendResult(
                List.of(new AppendResult.Written(stream, Long.parseLong(fields[7]), Long.parseLong(fields[8]))),
                Position.parse(fields[9]),
                Boolean.parseBoolean(fields[10]))));
    }

    private static Action.ReadStream read(StreamId stream, String[] fields) {
        return new Action.ReadStream(
                stream, Direction.valueOf(fields[8]), Long.parseLong(fields[4]), Integer.parseInt(fields[5]));
    }

    private static Outcome.StreamSeen seen(StreamId stream, String[] fields) {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = 9; i < fields.length; i++) {
            String[] entry = fields[i].split(" ");
            entries.add(new LogEntry(
                    stream, Long.parseLong(entry[0]), Position.parse(entry[1]), UUID.fromString(entry[2]), entry[3]));
        }
        return new Outcome.StreamSeen(entries, Boolean.parseBoolean(fields[6]), Long.parseLong(fields[7]));
    }
}
