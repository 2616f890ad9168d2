package dev.polylog.tck.history;

import dev.polylog.AppendResult;
import dev.polylog.Direction;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.LogRead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A history written by hand: events are letters, the log is {@code "s:a s:b t:c"}, positions are 10, 20, 30 … */
final class Story {

    private final List<LogEntry> log = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private int before;

    Story(String text) {
        Map<String, Long> versions = new HashMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(" ")) {
            String[] halves = part.split(":");
            long version = versions.merge(halves[0], 1L, Long::sum);
            Position position = Position.of(10L * (log.size() + 1));
            log.add(new LogEntry(StreamId.of(halves[0]), version, position, id(halves[1]), "T"));
        }
    }

    static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** The first entries were there before the history began. */
    Story before(int entries) {
        before = entries;
        return this;
    }

    Story replace(int index, LogEntry entry) {
        log.set(index, entry);
        return this;
    }

    LogEntry entry(int index) {
        return log.get(index);
    }

    Story call(long invoked, long completed, Action action, Outcome outcome) {
        operations.add(new Operation(operations.size() + 1L, "c", invoked, completed, action, outcome));
        return this;
    }

    static Action.Append append(String stream, ExpectedVersion expected, String... ids) {
        Action.Write write = new Action.Write(
                StreamId.of(stream), Arrays.stream(ids).map(Story::id).toList());
        return new Action.Append(Map.of(StreamId.of(stream), expected), List.of(write));
    }

    static Action.Append and(Action.Append one, Action.Append other) {
        Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>(one.expectations());
        expectations.putAll(other.expectations());
        List<Action.Write> writes = new ArrayList<>(one.writes());
        writes.addAll(other.writes());
        return new Action.Append(expectations, writes);
    }

    static Action.Append and(Action.Append one, String stream, ExpectedVersion expected) {
        Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>(one.expectations());
        expectations.put(StreamId.of(stream), expected);
        return new Action.Append(expectations, one.writes());
    }

    /** Acknowledged, with the first version in each stream. */
    Story done(long invoked, long completed, Action.Append append, long... firstVersions) {
        return call(invoked, completed, append, answer(append, false, firstVersions));
    }

    Story repeated(long invoked, long completed, Action.Append append, long... firstVersions) {
        return call(invoked, completed, append, answer(append, true, firstVersions));
    }

    private Outcome answer(Action.Append append, boolean repeated, long... firstVersions) {
        return new Outcome.Decided(new AppendOutcome.Appended(result(append, repeated, firstVersions)));
    }

    AppendResult result(Action.Append append, boolean repeated, long... firstVersions) {
        List<AppendResult.Written> written = new ArrayList<>();
        Position last = Position.START;
        for (int i = 0; i < firstVersions.length; i++) {
            Action.Write write = append.writes().get(i);
            long end = firstVersions[i] + write.ids().size() - 1;
            written.add(new AppendResult.Written(write.stream(), firstVersions[i], end));
            for (LogEntry entry : log) {
                if (entry.stream().equals(write.stream())
                        && entry.version() == end
                        && entry.position().isAfter(last)) {
                    last = entry.position();
                }
            }
        }
        return new AppendResult(written, last, repeated);
    }

    Story conflict(long invoked, long completed, Action.Append append, String stream, long actual) {
        StreamId id = StreamId.of(stream);
        ExpectedVersion expected = append.expectations().getOrDefault(id, ExpectedVersion.any());
        return call(invoked, completed, append, new Outcome.Decided(new AppendOutcome.Conflict(id, expected, actual)));
    }

    Story duplicate(long invoked, long completed, Action.Append append, String stream, String id) {
        return call(
                invoked,
                completed,
                append,
                new Outcome.Decided(new AppendOutcome.Duplicate(StreamId.of(stream), id(id))));
    }

    Story unknown(long invoked, Action.Append append) {
        return call(invoked, Operation.NEVER, append, new Outcome.Unknown());
    }

    /** A forward read of a stream from its first event to its end. */
    Story readStream(long invoked, long completed, String stream, int... indexes) {
        List<LogEntry> seen = Arrays.stream(indexes).mapToObj(log::get).toList();
        return call(
                invoked,
                completed,
                new Action.ReadStream(StreamId.of(stream), Direction.FORWARDS, 1, 100),
                new Outcome.StreamSeen(seen, true, seen.size()));
    }

    /** A forward read of everything from the start to the head. */
    Story readAll(long invoked, long completed, int... indexes) {
        List<LogEntry> seen = Arrays.stream(indexes).mapToObj(log::get).toList();
        Position last =
                seen.isEmpty() ? Position.START : seen.get(seen.size() - 1).position();
        return call(
                invoked,
                completed,
                new Action.ReadAll(LogRead.after(Position.START, 100)),
                new Outcome.LogSeen(seen, last, true));
    }

    List<Violation> check() {
        return check(MemoryBackend.create().traits());
    }

    List<Violation> check(BackendTraits traits) {
        Position start = before == 0 ? Position.START : log.get(before - 1).position();
        return new HistoryChecker(traits).check(operations, new LogImage(log, start));
    }

    /** The rules that are broken. */
    List<String> broken() {
        return check().stream().map(Violation::rule).distinct().toList();
    }
}
