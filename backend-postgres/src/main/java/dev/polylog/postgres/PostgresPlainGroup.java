package dev.polylog.postgres;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A group of appends that are all to be written if the streams stand as expected before the group: what
 * {@code append_plain} takes, and the outcomes that follow from what it gives back.
 *
 * <p>Most groups are such; the others, and those that turn out to be otherwise, are for {@link PostgresGroup}. For one
 * thread.
 */
final class PostgresPlainGroup {

    private final List<AppendCommand> members;
    private final Map<StreamId, Integer> numbers = new HashMap<>();
    private final List<Stream> streams = new ArrayList<>();
    private final List<EventData> events = new ArrayList<>();
    private final int[] eventStream;
    private final int[] eventOffset;

    /** What is expected of a stream before the group, and how many events of the group go to it. */
    private static final class Stream {

        private final String name;
        private final long expected;
        private int size;

        Stream(String name, long expected) {
            this.name = name;
            this.expected = expected;
        }

        /**
         * Whether what a later member expects follows from what was expected before the group. Not where only the later
         * one is inexact: whether it repeats what stands at the end of the stream is asked for inexact streams alone.
         */
        boolean implies(long later) {
            if (later >= 0) {
                return expected >= 0 && later == expected + size;
            }
            return expected < 0 && (later == PostgresGroup.ANY || size > 0 || expected == later);
        }
    }

    private PostgresPlainGroup(List<AppendCommand> members, int events) {
        this.members = members;
        this.eventStream = new int[events];
        this.eventOffset = new int[events];
    }

    /** The group in this form; null where its members need deciding one after another. */
    static @Nullable PostgresPlainGroup of(List<AppendCommand> members) {
        PostgresPlainGroup group = new PostgresPlainGroup(
                members, members.stream().mapToInt(AppendCommand::eventCount).sum());
        return members.stream().allMatch(group::takes) ? group : null;
    }

    private boolean takes(AppendCommand member) {
        for (Map.Entry<StreamId, ExpectedVersion> entry : member.expectations().entrySet()) {
            long expected = PostgresGroup.code(entry.getValue());
            if (!stream(entry.getKey(), expected).implies(expected)) {
                return false;
            }
        }
        for (StreamWrite write : member.writes()) {
            Stream stream = stream(write.stream(), PostgresGroup.ANY);
            for (EventData event : write.events()) {
                eventStream[events.size()] = number(write.stream());
                eventOffset[events.size()] = ++stream.size;
                events.add(event);
            }
        }
        return true;
    }

    private Stream stream(StreamId id, long expected) {
        numbers.computeIfAbsent(id, key -> {
            streams.add(new Stream(key.name(), expected));
            return streams.size();
        });
        return streams.get(number(id) - 1);
    }

    private int number(StreamId id) {
        return numbers.getOrDefault(id, 0);
    }

    /** Sets the parameters of {@code append_plain} from the first given on. */
    void bind(PreparedStatement call, int first) throws SQLException {
        Connection connection = call.getConnection();
        int i = first;
        call.setArray(
                i++,
                connection.createArrayOf(
                        "text", streams.stream().map(stream -> stream.name).toArray(String[]::new)));
        call.setObject(
                i++, streams.stream().mapToLong(stream -> stream.expected).toArray());
        call.setObject(i++, eventStream);
        call.setObject(i++, eventOffset);
        bindEvents(events, call, i);
    }

    /** Sets ids, types, content types, payloads and metadata. */
    static void bindEvents(List<EventData> events, PreparedStatement call, int first) throws SQLException {
        Connection connection = call.getConnection();
        int size = events.size();
        UUID[] ids = new UUID[size];
        String[] types = new String[size];
        String[] contentTypes = new String[size];
        byte[][] payloads = new byte[size][];
        byte[][] metadata = new byte[size][];
        for (int i = 0; i < size; i++) {
            EventData event = events.get(i);
            ids[i] = event.id();
            types[i] = event.type();
            contentTypes[i] = event.contentType();
            payloads[i] = event.payload().toByteArray();
            metadata[i] = event.metadata().toJson();
        }
        call.setArray(first, connection.createArrayOf("uuid", ids));
        call.setArray(first + 1, connection.createArrayOf("text", types));
        call.setArray(first + 2, connection.createArrayOf("text", contentTypes));
        call.setArray(first + 3, connection.createArrayOf("bytea", payloads));
        call.setArray(first + 4, connection.createArrayOf("bytea", metadata));
    }

    /** The outcome of each member, from what the function returned: the last position, and each stream's version. */
    List<AppendOutcome> outcomes(Long[] before) {
        long[] versions = new long[streams.size()];
        for (int i = 0; i < versions.length; i++) {
            versions[i] = before[i + 1];
        }
        long position = before[0];
        List<AppendOutcome> outcomes = new ArrayList<>(members.size());
        for (AppendCommand member : members) {
            List<AppendResult.Written> written = new ArrayList<>(member.writes().size());
            for (StreamWrite write : member.writes()) {
                int count = write.events().size();
                int number = number(write.stream()) - 1;
                written.add(new AppendResult.Written(write.stream(), versions[number] + 1, versions[number] + count));
                versions[number] += count;
                position += count;
            }
            outcomes.add(new AppendOutcome.Appended(new AppendResult(written, Position.of(position), false)));
        }
        return outcomes;
    }
}
