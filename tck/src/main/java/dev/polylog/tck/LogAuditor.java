package dev.polylog.tck;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.LogBackend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Reads back what was appended during a test and compares it with itself and with what the store had answered.
 *
 * <p>{@link TckExtension} calls it after every test that passed. The steps:
 *
 * <ol>
 *   <li>Everything after the head that the test found is read in pages of several sizes and both ways: the same events,
 *       positions strictly increasing and unchanged by their text form (rules G-01, G-03, G-07).
 *   <li>In each stream the versions go on without gap or repeat, and reading the stream, both ways, gives what the log
 *       has of it (rules A-02, G-01, R-01).
 *   <li>Acknowledged appends stand where the answer said, adjacent, in order, unchanged (rules ); unknown ones
 *       stand whole or not at all; of refused ones there is no trace, and nothing else came from nowhere
 *       (A-03).
 * </ol>
 *
 * <p>Failures are {@link AssertionError}s that begin with the rule. For one thread.
 */
public final class LogAuditor {

    private static final int MANY = 300;

    private final LogBackend backend;
    private final Position start;
    private final Set<StreamId> own;
    private List<RecordedEvent> log = List.of();

    /**
     * An auditor for what follows a position.
     *
     * @param backend an open handle on the log
     * @param start the head before the test
     * @param own streams that nobody but the test writes
     */
    public LogAuditor(LogBackend backend, Position start, Collection<StreamId> own) {
        this.backend = backend;
        this.start = start;
        this.own = Set.copyOf(own);
    }

    void audit(List<Journal.Entry> entries) {
        auditReads();
        auditAppends(entries);
    }

    /** Does the first two steps: reads of everything and of each stream agree with each other. */
    public void auditReads() {
        log = LogReads.forwards(backend, start, 100);
        Position before = start;
        for (RecordedEvent event : log) {
            check(event.position().isAfter(before), "G-01", event + " follows position " + before);
            check(Position.parse(event.position().toString()).equals(event.position()), "G-07", event.toString());
            before = event.position();
        }
        same("G-03", "pages of 7 and of 100", log, LogReads.forwards(backend, start, 7));
        if (log.size() < MANY) {
            same("G-03", "pages of 1 and of 100", log, LogReads.forwards(backend, start, 1));
        }
        same("G-03", "backwards and forwards", log, reversed(LogReads.backwards(backend, start, 13)));
        auditStreams();
    }

    private void auditStreams() {
        Map<StreamId, List<RecordedEvent>> streams = new LinkedHashMap<>();
        own.forEach(stream -> streams.put(stream, new ArrayList<>()));
        for (RecordedEvent event : log) {
            List<RecordedEvent> events = streams.computeIfAbsent(event.stream(), key -> new ArrayList<>());
            long expected = events.isEmpty()
                    ? own.contains(event.stream()) ? 1 : event.version()
                    : events.get(events.size() - 1).version() + 1;
            check(event.version() == expected, "A-02", event + " has not version " + expected);
            events.add(event);
        }
        boolean many = streams.size() > MANY;
        streams.forEach((stream, events) -> {
            long first = events.isEmpty() ? 1 : events.get(0).version();
            same(
                    "R-01",
                    "the log and stream " + stream,
                    events,
                    LogReads.stream(backend, stream, first, many ? 100 : 3));
            if (!many) {
                same(
                        "R-01",
                        "stream " + stream + " backwards",
                        events,
                        reversed(LogReads.back(backend, stream, first)));
            }
        });
    }

    private void auditAppends(List<Journal.Entry> entries) {
        Map<Key, Integer> indexes = new HashMap<>();
        Map<EventKey, Integer> found = new HashMap<>();
        for (int i = 0; i < log.size(); i++) {
            RecordedEvent event = log.get(i);
            indexes.put(new Key(event.stream(), event.version()), i);
            found.merge(new EventKey(event.stream(), event.id()), 1, Integer::sum);
        }
        Map<EventKey, Integer> allowed = new HashMap<>();
        for (Journal.Entry entry : entries) {
            if (entry instanceof Journal.Entry.Acknowledged acknowledged) {
                auditAcknowledged(acknowledged.command(), acknowledged.result(), indexes);
            } else if (entry instanceof Journal.Entry.Unknown unknown) {
                auditUnknown(unknown.command(), found);
            }
            boolean wrote = mayHaveWritten(entry);
            keys(entry.command()).forEach(key -> allowed.merge(key, wrote ? 1 : 0, Integer::sum));
        }
        found.forEach((key, times) -> {
            if (own.contains(key.stream()) || allowed.containsKey(key)) {
                int most = allowed.getOrDefault(key, 0);
                check(
                        times <= most,
                        "A-03",
                        key + " stands in the log " + times + " time(s), but " + most
                                + " append(s) may have written it");
            }
        });
    }

    private static boolean mayHaveWritten(Journal.Entry entry) {
        if (entry instanceof Journal.Entry.Acknowledged acknowledged) {
            return !acknowledged.result().repeated();
        }
        return entry instanceof Journal.Entry.Unknown;
    }

    private void auditAcknowledged(AppendCommand command, AppendResult result, Map<Key, Integer> indexes) {
        if (!result.position().isAfter(start)) {
            return; // a repeat of what was there before the test
        }
        String what = "the append acknowledged as " + result;
        int index = -1;
        for (int i = 0; i < command.writes().size(); i++) {
            StreamWrite write = command.writes().get(i);
            long version = result.streams().get(i).firstVersion();
            for (EventData data : write.events()) {
                int at = indexes.getOrDefault(new Key(write.stream(), version), -1);
                check(at >= 0, "A-01", what + " is not there: no version " + version + " of " + write.stream());
                check(index < 0 || at == index + 1, "A-06", what + " does not stand together at version " + version);
                RecordedEvent event = log.get(at);
                check(event.id().equals(data.id()), "A-06", what + " does not stand in its order; found " + event);
                check(result.repeated() || event.data().equals(data), "A-08", what + " was changed: " + event);
                index = at;
                version++;
            }
        }
        check(log.get(index).position().equals(result.position()), "G-01", what + " ends at " + log.get(index));
    }

    private static void auditUnknown(AppendCommand command, Map<EventKey, Integer> found) {
        List<EventKey> keys = keys(command);
        long there = keys.stream().filter(found::containsKey).count();
        check(
                there == 0 || there == keys.size(),
                "A-01",
                "of an append of unknown outcome " + there + " of " + keys.size() + " events are there");
    }

    private static List<EventKey> keys(AppendCommand command) {
        return command.writes().stream()
                .flatMap(write -> write.events().stream().map(event -> new EventKey(write.stream(), event.id())))
                .toList();
    }

    private static void same(String rule, String what, List<RecordedEvent> one, List<RecordedEvent> other) {
        if (one.equals(other)) {
            return;
        }
        int at = 0;
        while (at < Math.min(one.size(), other.size()) && one.get(at).equals(other.get(at))) {
            at++;
        }
        check(
                false,
                rule,
                what + " differ: " + one.size() + " and " + other.size() + " events, first at " + at + ": "
                        + (at < one.size() ? one.get(at) : "the end") + " and "
                        + (at < other.size() ? other.get(at) : "the end"));
    }

    private static List<RecordedEvent> reversed(List<RecordedEvent> events) {
        List<RecordedEvent> copy = new ArrayList<>(events);
        Collections.reverse(copy);
        return copy;
    }

    private static void check(boolean holds, String rule, String message) {
        if (!holds) {
            throw new RuleBroken(rule, message);
        }
    }

    /** The streams that have events in what the auditor read. */
    Set<StreamId> streams() {
        Set<StreamId> streams = new LinkedHashSet<>();
        log.forEach(event -> streams.add(event.stream()));
        return streams;
    }

    private record Key(StreamId stream, long version) {}

    private record EventKey(StreamId stream, UUID id) {}
}
