package dev.polylog.tck.history;

import dev.polylog.AppendResult;
import dev.polylog.Direction;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.AppendOutcome.Appended;
import dev.polylog.spi.AppendOutcome.Conflict;
import dev.polylog.spi.AppendOutcome.Duplicate;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The fields of the lines of a {@link HistoryFile}; the first three of each line are the file's own. Stateless and
 * thread-safe.
 */
final class HistoryLines {

    private static final int KIND = 3;

    private HistoryLines() {}

    static List<String> fields(Action action) {
        if (action instanceof Action.Append append && append.expectations().size() == 1) {
            Action.Write write = append.writes().get(0);
            return List.of(
                    "append",
                    encoded(write.stream().name()),
                    text(expectation(append)),
                    String.join(" ", write.ids().stream().map(UUID::toString).toList()));
        }
        if (action instanceof Action.ReadStream read) {
            return List.of(
                    "read",
                    encoded(read.stream().name()),
                    read.direction().name(),
                    String.valueOf(read.from()),
                    String.valueOf(read.maxEvents()));
        }
        throw new IllegalArgumentException(
                "a history file takes appends to one stream and reads of one, not " + action);
    }

    static Action action(String[] line) {
        StreamId stream = StreamId.of(decoded(line[KIND + 1]));
        if (line[KIND].equals("append")) {
            List<UUID> ids = Arrays.stream(line[KIND + 3].split(" "))
                    .map(UUID::fromString)
                    .toList();
            return new Action.Append(Map.of(stream, expected(line[KIND + 2])), List.of(new Action.Write(stream, ids)));
        }
        return new Action.ReadStream(
                stream,
                Direction.valueOf(line[KIND + 2]),
                Long.parseLong(line[KIND + 3]),
                Integer.parseInt(line[KIND + 4]));
    }

    static List<String> fields(Outcome outcome) {
        if (outcome instanceof Outcome.Decided decided) {
            return fields(decided.outcome());
        }
        if (outcome instanceof Outcome.StreamSeen seen) {
            List<String> fields = new ArrayList<>(
                    List.of("seen", String.valueOf(seen.endOfStream()), String.valueOf(seen.version())));
            seen.events()
                    .forEach(entry -> fields.add(String.join(
                            " ",
                            String.valueOf(entry.version()),
                            entry.position().toString(),
                            entry.id().toString(),
                            encoded(entry.type()))));
            return fields;
        }
        return outcome instanceof Outcome.Failed failed
                ? List.of("failed", encoded(failed.reason()))
                : List.of("unknown");
    }

    private static List<String> fields(AppendOutcome outcome) {
        if (outcome instanceof Appended appended) {
            AppendResult.Written written = appended.result().streams().get(0);
            return List.of(
                    "appended",
                    String.valueOf(written.firstVersion()),
                    String.valueOf(written.lastVersion()),
                    appended.result().position().toString(),
                    String.valueOf(appended.result().repeated()));
        }
        return outcome instanceof Conflict conflict
                ? List.of("conflict", String.valueOf(conflict.actual()))
                : List.of("duplicate", ((Duplicate) outcome).eventId().toString());
    }

    /** What was answered to an action of one stream. */
    static Outcome outcome(Action action, String[] line) {
        return switch (line[KIND]) {
            case "unknown" -> new Outcome.Unknown();
            case "failed" -> new Outcome.Failed(decoded(line[KIND + 1]));
            case "seen" -> seen(((Action.ReadStream) action).stream(), line);
            default -> new Outcome.Decided(decided((Action.Append) action, line));
        };
    }

    private static AppendOutcome decided(Action.Append append, String[] line) {
        StreamId stream = append.writes().get(0).stream();
        String first = line[KIND + 1];
        return switch (line[KIND]) {
            case "appended" ->
                new Appended(new AppendResult(
                        List.of(new AppendResult.Written(
                                stream, Long.parseLong(first), Long.parseLong(line[KIND + 2]))),
                        Position.parse(line[KIND + 3]),
                        Boolean.parseBoolean(line[KIND + 4])));
            case "conflict" -> new Conflict(stream, expectation(append), Long.parseLong(first));
            case "duplicate" -> new Duplicate(stream, UUID.fromString(first));
            default -> throw new IllegalArgumentException("no line of a history file: " + List.of(line));
        };
    }

    private static Outcome seen(StreamId stream, String[] line) {
        List<LogEntry> entries = new ArrayList<>();
        for (int i = KIND + 3; i < line.length; i++) {
            String[] entry = line[i].split(" ", -1);
            entries.add(new LogEntry(
                    stream,
                    Long.parseLong(entry[0]),
                    Position.parse(entry[1]),
                    UUID.fromString(entry[2]),
                    decoded(entry[3])));
        }
        return new Outcome.StreamSeen(entries, Boolean.parseBoolean(line[KIND + 1]), Long.parseLong(line[KIND + 2]));
    }

    private static ExpectedVersion expectation(Action.Append append) {
        return append.expectations().values().iterator().next();
    }

    private static String text(ExpectedVersion expected) {
        return expected instanceof ExpectedVersion.Exactly exactly
                ? String.valueOf(exactly.version())
                : expected.toString();
    }

    private static ExpectedVersion expected(String text) {
        return switch (text) {
            case "any" -> ExpectedVersion.any();
            case "noStream" -> ExpectedVersion.noStream();
            case "streamExists" -> ExpectedVersion.streamExists();
            default -> ExpectedVersion.exactly(Long.parseLong(text));
        };
    }

    /** Without tabs, spaces and ends of lines. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
