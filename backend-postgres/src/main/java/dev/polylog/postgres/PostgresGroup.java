package dev.polylog.postgres;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group of appends as the arrays that {@code append_group} takes, and the outcomes that it gives back.
 *
 * <p>For one thread.
 */
final class PostgresGroup {

    /** What the function takes for an expectation that is no number. */
    static final long ANY = -2;

    static final long STREAM_EXISTS = -1;

    private static final int WRITTEN = 0;
    private static final int REPEAT = 1;
    private static final int CONFLICT = 2;

    private final List<AppendCommand> members;
    private final Map<StreamId, Integer> streams = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<EventData> eventData = new ArrayList<>();
    private final List<ExpectedVersion> expectations = new ArrayList<>();
    private final int[] expectationAppend;
    private final int[] expectationStream;
    private final long[] expectationVersion;
    private final int[] expectationOffset;
    private final int[] writeAppend;
    private final int[] writeStream;
    private final long[] writeExpected;
    private final int[] writeFrom;
    private final int[] writeCount;
    private final int[] writeOffset;
    private final int[] eventWrite;
    private final String[] eventStream;

    PostgresGroup(List<AppendCommand> members) {
        this.members = members;
        int expected = members.stream().mapToInt(m -> m.expectations().size()).sum();
        int writes = members.stream().mapToInt(m -> m.writes().size()).sum();
        int events = members.stream().mapToInt(AppendCommand::eventCount).sum();
        expectationAppend = new int[expected];
        expectationStream = new int[expected];
        expectationVersion = new long[expected];
        expectationOffset = new int[expected];
        writeAppend = new int[writes];
        writeStream = new int[writes];
        writeExpected = new long[writes];
        writeFrom = new int[writes];
        writeCount = new int[writes];
        writeOffset = new int[writes];
        eventWrite = new int[events];
        eventStream = new String[events];
        fill();
    }

    private void fill() {
        int[] earlier = new int[expectationAppend.length];
        int write = 0;
        for (int append = 0; append < members.size(); append++) {
            AppendCommand member = members.get(append);
            for (Map.Entry<StreamId, ExpectedVersion> entry :
                    member.expectations().entrySet()) {
                expect(append + 1, number(entry.getKey()), entry.getValue(), earlier);
            }
            for (StreamWrite streamWrite : member.writes()) {
                int stream = number(streamWrite.stream());
                writeAppend[write] = append + 1;
                writeStream[write] = stream;
                writeExpected[write] = code(member.expectations().get(streamWrite.stream()));
                writeFrom[write] = eventData.size() + 1;
                writeCount[write] = streamWrite.events().size();
                writeOffset[write] = earlier[stream - 1];
                earlier[stream - 1] += writeCount[write];
                write++;
                for (EventData event : streamWrite.events()) {
                    eventWrite[eventData.size()] = write;
                    eventStream[eventData.size()] = streamWrite.stream().name();
                    eventData.add(event);
                }
            }
        }
    }

    private void expect(int append, int stream, ExpectedVersion expected, int[] earlier) {
        int at = expectations.size();
        expectationAppend[at] = append;
        expectationStream[at] = stream;
        expectationVersion[at] = code(expected);
        expectationOffset[at] = earlier[stream - 1];
        expectations.add(expected);
    }

    private int number(StreamId stream) {
        return streams.computeIfAbsent(stream, key -> {
            names.add(key.name());
            return names.size();
        });
    }

    static long code(@Nullable ExpectedVersion expected) {
        if (expected instanceof ExpectedVersion.Exactly exactly) {
            return exactly.version();
        }
        if (expected instanceof ExpectedVersion.NoStream) {
            return 0;
        }
        return expected instanceof ExpectedVersion.StreamExists ? STREAM_EXISTS : ANY;
    }

    /** Sets the parameters of {@code append_group} from the third on. */
    void bind(PreparedStatement call, int first) throws SQLException {
        Connection connection = call.getConnection();
        int i = first;
        call.setArray(i++, connection.createArrayOf("text", names.toArray(String[]::new)));
        for (Object numbers : List.of(
                expectationAppend,
                expectationStream,
                expectationVersion,
                expectationOffset,
                writeAppend,
                writeStream,
                writeExpected,
                writeFrom,
                writeCount,
                writeOffset,
                eventWrite)) {
            call.setObject(i++, numbers);
        }
        call.setArray(i++, connection.createArrayOf("text", eventStream));
        PostgresPlainGroup.bindEvents(eventData, call, i);
    }

    /** The outcome of each member, from the row that the function returned. */
    List<AppendOutcome> outcomes(ResultSet row) throws SQLException {
        Integer @Nullable [] outcome = array(row, "outcome");
        Integer @Nullable [] detail = array(row, "detail");
        Long @Nullable [] actual = array(row, "actual");
        Long[] lastPositions = present(array(row, "last_positions"));
        Long[] firstVersions = present(array(row, "first_versions"));
        List<AppendOutcome> outcomes = new ArrayList<>(members.size());
        int write = 0;
        for (int i = 0; i < members.size(); i++) {
            int code = outcome == null ? WRITTEN : outcome[i];
            AppendCommand member = members.get(i);
            if (code == WRITTEN || code == REPEAT) {
                outcomes.add(appended(member, firstVersions, write, lastPositions[i], code == REPEAT));
            } else if (code == CONFLICT) {
                int at = present(detail)[i] - 1;
                StreamId stream = StreamId.of(names.get(expectationStream[at] - 1));
                outcomes.add(new AppendOutcome.Conflict(stream, expectations.get(at), present(actual)[i]));
            } else {
                int at = present(detail)[i] - 1;
                outcomes.add(new AppendOutcome.Duplicate(
                        StreamId.of(eventStream[at]), eventData.get(at).id()));
            }
            write += member.writes().size();
        }
        return outcomes;
    }

    private static AppendOutcome appended(
            AppendCommand member, Long[] firstVersions, int firstWrite, long position, boolean repeated) {
        List<AppendResult.Written> written = new ArrayList<>(member.writes().size());
        int write = firstWrite;
        for (StreamWrite streamWrite : member.writes()) {
            long first = firstVersions[write++];
            written.add(new AppendResult.Written(
                    streamWrite.stream(), first, first + streamWrite.events().size() - 1));
        }
        return new AppendOutcome.Appended(new AppendResult(written, Position.of(position), repeated));
    }

    @SuppressWarnings("unchecked")
    private static <T> T @Nullable [] array(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? null : (T[]) array.getArray();
    }

    private static <T> T[] present(T @Nullable [] array) throws SQLException {
        if (array == null) {
            throw new SQLException("append_group returned a null array; its outcome cannot be told");
        }
        return array;
    }
}
