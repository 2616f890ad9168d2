package dev.polylog.eventstoredb;

import dev.polylog.AppendResult;
import dev.polylog.AppendResult.Written;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentEchoes.Spot;
import dev.polylog.eventstoredb.KurrentEvents.Protocol;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import io.kurrent.dbclient.AppendStreamRequest;
import io.kurrent.dbclient.MultiStreamAppendResponse;
import io.kurrent.dbclient.StreamState;
import io.kurrent.dbclient.WriteResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at an append: always with the exact revision of every stream, and marked as this attempt's, so that sending
 * it again writes nothing twice, and so that it can be told whether it was this attempt that wrote.
 *
 * <p>The server answers a repeat like the first time. What stands in the log bears the mark of the attempt that wrote it:
 * the mark of the last event is compared. Where that event is heard of before the answer comes, it is the answer. Thread-safe.
 */
final class KurrentAttempt {

    private final KurrentCalls calls;
    private final AppendCommand command;
    private final Map<StreamId, Long> firstVersions;
    private final String mark;
    private final KurrentWitness.Testimony testimony;

    /**
     * @param firstVersions the version that the first event of each stream is to have
     * @param known a position of the log that is taken already
     */
    KurrentAttempt(
            KurrentCalls calls,
            KurrentWitness witness,
            AppendCommand command,
            Map<StreamId, Long> firstVersions,
            String mark,
            Position known) {
        this.calls = calls;
        this.command = command;
        this.firstVersions = firstVersions;
        this.mark = mark;
        StreamWrite last = command.writes().get(command.writes().size() - 1);
        this.testimony = witness.of(new Spot(last.stream().name(), lastVersion(last) - 1), command.eventCount(), known);
    }

    private long firstVersion(StreamWrite write) {
        return firstVersions.getOrDefault(write.stream(), 1L);
    }

    private long lastVersion(StreamWrite write) {
        return firstVersion(write) + write.events().size() - 1;
    }

    /** What the server answered: where the events stand; no position where they cannot be read any more. */
    record Standing(List<Written> streams, @Nullable Position position) {}

    /** Sends it; may be done again at any time and by anybody. */
    Standing send() throws Failed {
        return command.writes().size() == 1 ? single(command.writes().get(0)) : several();
    }

    private Standing single(StreamWrite write) throws Failed {
        return calls.append(
                write.stream().name(),
                expected(write),
                KurrentEvents.encode(write.events(), mark, Protocol.SINGLE_STREAM),
                answer -> {
                    CompletableFuture<Standing> standing = answer.thenApply(result -> standing(write, result));
                    testimony.whenWritten(
                            mark,
                            position -> standing.complete(
                                    new Standing(List.of(written(write, lastVersion(write))), position)));
                    return standing;
                });
    }

    private static Standing standing(StreamWrite write, WriteResult result) {
        Position position = result.getLogPosition() == null ? null : KurrentEvents.position(result.getLogPosition());
        long last = result.getNextExpectedRevision().toRawLong() + 1;
        return new Standing(List.of(written(write, last)), position);
    }

    private static Written written(StreamWrite write, long last) {
        return new Written(write.stream(), last - write.events().size() + 1, last);
    }

    private Standing several() throws Failed {
        MultiStreamAppendResponse response = calls.write(client -> client.multiStreamAppend(command.writes().stream()
                .map(write -> new AppendStreamRequest(
                        write.stream().name(),
                        KurrentEvents.encode(write.events(), mark, Protocol.SEVERAL_STREAMS)
                                .iterator(),
                        expected(write)))
                .iterator()));
        Map<String, Long> lasts = new LinkedHashMap<>();
        response.getResults().forEach(result -> lasts.put(result.getStream(), result.getStreamRevision() + 1));
        List<Written> streams = new ArrayList<>();
        for (StreamWrite write : command.writes()) {
            streams.add(written(write, lasts.getOrDefault(write.stream().name(), 0L)));
        }
        return new Standing(
                streams, response.getPosition() < 0 ? null : KurrentEvents.position(response.getPosition()));
    }

    private StreamState expected(StreamWrite write) {
        long version = firstVersion(write) - 1;
        return version == 0 ? StreamState.noStream() : StreamState.streamRevision(version - 1);
    }

    /** Whether what stands there was written by this attempt. */
    boolean wrote(Standing standing, Position position) throws Failed {
        Written last = standing.streams().get(standing.streams().size() - 1);
        Spot spot = new Spot(last.stream().name(), last.lastVersion() - 1);
        return mark.equals(testimony.attempt(spot, position, command.eventCount()));
    }

    static AppendResult result(Standing standing, Position position, boolean repeated) {
        return new AppendResult(standing.streams(), position, repeated);
    }
}
