package dev.polylog.kafka;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.tck.history.Action;
import dev.polylog.tck.history.Operation;
import dev.polylog.tck.history.Outcome;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Appends as lines of a file, by the machine's monotonic clock: one line before each call and one after it, so that of a
 * process that is killed it is known what it had begun. Thread-safe.
 */
final class AppendJournal implements AutoCloseable {

    private final BufferedWriter writer;
    private int calls;

    AppendJournal(Path file) throws IOException {
        writer = Files.newBufferedWriter(file);
    }

    private synchronized void line(Object... fields) {
        try {
            writer.write(Arrays.stream(fields).map(String::valueOf).collect(Collectors.joining("\t")) + "\n");
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends with an exact expectation, and returns the version that the stream has as far as the answer tells. */
    long append(KafkaBackend backend, String stream, long version, EventData... events) {
        int call;
        synchronized (this) {
            call = ++calls;
        }
        String ids = Arrays.stream(events).map(event -> event.id().toString()).collect(Collectors.joining(" "));
        line("begin", call, System.nanoTime(), stream, version, ids);
        try {
            AppendOutcome outcome = backend.append(TestTopic.append(stream, ExpectedVersion.exactly(version), events));
            if (outcome instanceof AppendOutcome.Appended appended) {
                AppendResult result = appended.result();
                long first = result.streams().get(0).firstVersion();
                line("appended", call, System.nanoTime(), first, result.position(), result.repeated());
                return result.version();
            }
            long actual = ((AppendOutcome.Conflict) outcome).actual();
            line("conflict", call, System.nanoTime(), actual);
            return actual;
        } catch (StoreUnavailable e) {
            line("failed", call, System.nanoTime());
        } catch (AppendOutcomeUnknown e) {
            line("unknown", call, System.nanoTime());
        }
        return version;
    }

    /** What a file tells; calls without an end are unknown. */
    static List<Operation> read(Path file, String client, long firstNumber) throws IOException {
        Map<String, String[]> begun = new LinkedHashMap<>();
        Map<String, String[]> ended = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] fields = line.split("\t");
            (fields[0].equals("begin") ? begun : ended).put(fields[1], fields);
        }
        List<Operation> operations = new ArrayList<>();
        begun.forEach((call, fields) ->
                operations.add(operation(firstNumber + operations.size(), client, fields, ended.get(call))));
        return operations;
    }

    private static Operation operation(long number, String client, String[] begin, String[] end) {
        StreamId stream = StreamId.of(begin[3]);
        ExpectedVersion expected = ExpectedVersion.exactly(Long.parseLong(begin[4]));
        List<UUID> ids =
                Arrays.stream(begin[5].split(" ")).map(UUID::fromString).toList();
        boolean open = end == null || end[0].equals("unknown");
        return new Operation(
                number,
                client + "-" + begin[1],
                Long.parseLong(begin[2]),
                open ? Operation.NEVER : Long.parseLong(end[2]),
                new Action.Append(Map.of(stream, expected), List.of(new Action.Write(stream, ids))),
                open ? new Outcome.Unknown() : outcome(stream, expected, ids.size(), end));
    }

    private static Outcome outcome(StreamId stream, ExpectedVersion expected, int events, String[] end) {
        return switch (end[0]) {
            case "appended" -> {
                long first = Long.parseLong(end[3]);
                yield new Outcome.Decided(new AppendOutcome.Appended(new AppendResult(
                        List.of(new AppendResult.Written(stream, first, first + events - 1)),
                        Position.parse(end[4]),
                        Boolean.parseBoolean(end[5]))));
            }
            case "conflict" ->
                new Outcome.Decided(new AppendOutcome.Conflict(stream, expected, Long.parseLong(end[3])));
            default -> new Outcome.Failed(end[0]);
        };
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
