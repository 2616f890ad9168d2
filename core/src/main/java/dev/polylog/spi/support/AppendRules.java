package dev.polylog.spi.support;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides an append from what the streams hold: the one place for the order of the rules.
 *
 * <p>Called by backends that decide in Java, inside whatever keeps others from writing meanwhile. The steps:
 *
 * <ol>
 *   <li>For each written stream, look where a repeat would stand: after the expected version for {@code exactly} and
 *       {@code noStream}, at the tail for {@code any} and {@code streamExists} (rules I-01, I-02), and wherever else
 *       {@link StreamView#find} points (rule I-03 where the whole stream is searched).
 *   <li>All writes stand there: a repeat (rule I-06: before versions are compared).
 *   <li>Some event of a write stands there: a duplicate (rule I-03).
 *   <li>An expectation does not hold: a conflict (rule A-03).
 *   <li>Else the events may be written.
 * </ol>
 *
 * <p>Stateless and thread-safe.
 */
public final class AppendRules {

    private AppendRules() {}

    /** What the decision needs to know about streams, all of it as of one moment. */
    public interface StreamView {

        /**
         * A stream's version.
         *
         * @param stream the stream
         * @return the version of its last event, 0 where it has none
         */
        long version(StreamId stream);

        /**
         * The ids of a range of events.
         *
         * @param stream the stream
         * @param firstVersion the version of the first event, 1 or greater
         * @param count how many events at most
         * @return the ids in the order of versions; fewer where the stream ends
         */
        List<UUID> ids(StreamId stream, long firstVersion, int count);

        /**
         * Where an event stands, for stores that search the whole stream.
         *
         * @param stream the stream
         * @param eventId the event's id
         * @return its version, or 0 where the stream does not hold it or the store does not search
         */
        default long find(StreamId stream, UUID eventId) {
            return 0;
        }
    }

    /** What is to be done. */
    public sealed interface Decision {

        /**
         * Write the events, each stream's beginning at the version given here.
         *
         * @param firstVersions the version of the first event by stream, in the order of the writes
         */
        record Write(Map<StreamId, Long> firstVersions) implements Decision {}

        /**
         * Write nothing and answer with the first result.
         *
         * @param firstVersions the version at which each stream's events stand, in the order of the writes
         */
        record Repeat(Map<StreamId, Long> firstVersions) implements Decision {}

        /**
         * Write nothing and answer with this.
         *
         * @param outcome a conflict or a duplicate
         */
        record Refuse(AppendOutcome outcome) implements Decision {}
    }

    /**
     * Decides.
     *
     * @param command the append
     * @param streams what the streams hold, unchanged until the decision has been carried out
     * @return what is to be done
     */
    public static Decision decide(AppendCommand command, StreamView streams) {
        Map<StreamId, Long> standing = new LinkedHashMap<>();
        AppendOutcome.@Nullable Duplicate duplicate = null;
        for (StreamWrite write : command.writes()) {
            Match match = match(write, expectation(command, write.stream()), streams);
            if (match.firstVersion() > 0) {
                standing.put(write.stream(), match.firstVersion());
            }
            if (duplicate == null && match.found() != null) {
                duplicate = new AppendOutcome.Duplicate(write.stream(), match.found());
            }
        }
        if (standing.size() == command.writes().size()) {
            return new Decision.Repeat(standing);
        }
        if (duplicate != null) {
            return new Decision.Refuse(duplicate);
        }
        return compareVersions(command, streams);
    }

    private static Decision compareVersions(AppendCommand command, StreamView streams) {
        for (Map.Entry<StreamId, ExpectedVersion> entry : command.expectations().entrySet()) {
            long actual = streams.version(entry.getKey());
            if (!entry.getValue().holdsFor(actual)) {
                return new Decision.Refuse(new AppendOutcome.Conflict(entry.getKey(), entry.getValue(), actual));
            }
        }
        return new Decision.Write(nextVersions(command.writes(), streams));
    }

    private static Map<StreamId, Long> nextVersions(List<StreamWrite> writes, StreamView streams) {
        if (writes.size() == 1) {
            StreamId only = writes.get(0).stream();
            return Map.of(only, streams.version(only) + 1);
        }
        Map<StreamId, Long> versions = new LinkedHashMap<>();
        for (StreamWrite write : writes) {
            versions.put(write.stream(), streams.version(write.stream()) + 1);
        }
        return versions;
    }

    private static ExpectedVersion expectation(AppendCommand command, StreamId stream) {
        ExpectedVersion expected = command.expectations().get(stream);
        return expected == null ? ExpectedVersion.any() : expected;
    }

    /** Where the whole write stands (0: nowhere), and an event of it that the stream holds (null: none). */
    private record Match(long firstVersion, @Nullable UUID found) {}

    private static final Match NOWHERE = new Match(0, null);

    private static Match match(StreamWrite write, ExpectedVersion expected, StreamView streams) {
        StreamId stream = write.stream();
        long version = streams.version(stream);
        if (version == 0) {
            return NOWHERE;
        }
        Match there = matchAt(
                write, repeatWouldStandAt(expected, version, write.events().size()), version, streams);
        if (there.firstVersion() > 0) {
            return there;
        }
        // An overlap here may be the end of a whole repeat that began earlier.
        Match elsewhere = matchElsewhere(write, streams);
        return elsewhere.firstVersion() > 0 || there.found() == null ? elsewhere : there;
    }

    private static Match matchAt(StreamWrite write, long first, long version, StreamView streams) {
        boolean beyond = first < 1; // behind the greatest version that a number can be
        if (beyond || first > version) {
            return NOWHERE;
        }
        List<UUID> wanted = ids(write);
        List<UUID> there = streams.ids(write.stream(), first, wanted.size());
        if (there.equals(wanted)) {
            return new Match(first, wanted.get(0));
        }
        Set<UUID> ids = new HashSet<>(there);
        return new Match(0, wanted.stream().filter(ids::contains).findFirst().orElse(null));
    }

    private static Match matchElsewhere(StreamWrite write, StreamView streams) {
        List<EventData> events = write.events();
        for (int i = 0; i < events.size(); i++) {
            UUID id = events.get(i).id();
            long at = streams.find(write.stream(), id);
            if (at > 0) {
                boolean whole =
                        i == 0 && streams.ids(write.stream(), at, events.size()).equals(ids(write));
                return new Match(whole ? at : 0, id);
            }
        }
        return NOWHERE;
    }

    private static List<UUID> ids(StreamWrite write) {
        return write.events().stream().map(EventData::id).toList();
    }

    private static long repeatWouldStandAt(ExpectedVersion expected, long version, int events) {
        if (expected instanceof ExpectedVersion.Exactly exactly) {
            return exactly.version() + 1;
        }
        return expected instanceof ExpectedVersion.NoStream ? 1 : Math.max(1, version - events + 1);
    }
}
