package dev.polylog.dynamodb;

import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.support.GroupCommit;
import dev.polylog.spi.support.GroupCommit.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The append path.
 *
 * <ol>
 *   <li>{@link GroupCommit} merges the appends of this process that come while another group is on its way.
 *   <li>{@link DynamoRound} carries them out: it decides each, makes groups ({@link DynamoGroup}) and attempts of them
 *       ({@link DynamoAttempt}), and gives each append its own outcome.
 *   <li>{@link DynamoTurns} lets a process go first that came too late again and again.
 *   <li>{@link DynamoTransactions} sends an attempt until there is an answer.
 *   <li>{@link DynamoResolver} finds out what became of an append in doubt.
 * </ol>
 *
 * <p>Thread-safe. Rules, I-01 to I-06.
 */
final class DynamoAppender {

    private static final int MAX_QUEUE = 10_000;

    private final DynamoCalls calls;
    private final Rooms rooms;
    private final GroupCommit<AppendCommand, AppendOutcome> groups;
    private final ReentrantLock inFlight = new ReentrantLock();

    DynamoAppender(
            DynamoCalls calls,
            DynamoHead head,
            DynamoStreams streams,
            DynamoStreamReader reader,
            DynamoLog log,
            Runnable grown) {
        this.calls = calls;
        DynamoTransactions transactions = new DynamoTransactions(calls);
        this.rooms = new Rooms(
                calls,
                head,
                streams,
                reader,
                new StreamMemory(),
                transactions,
                new DynamoResolver(calls, head, log, transactions),
                new DynamoTurns(calls, head),
                grown);
        this.groups = new GroupCommit<>(
                this::commit, DynamoGroup.MOST_SLOTS, MAX_QUEUE, calls.config().timeout());
    }

    AppendOutcome append(AppendCommand command) {
        calls.requireOpen();
        return groups.commit(command);
    }

    /** Carries out what was handed in together. */
    List<Result<AppendOutcome>> commit(List<AppendCommand> commands) {
        inFlight.lock();
        try {
            return new DynamoRound(rooms, commands).run();
        } finally {
            inFlight.unlock();
        }
    }

    /** Refuses what comes, and waits for what is in flight. */
    void close(Duration bound) {
        groups.close();
        try {
            if (inFlight.tryLock(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                inFlight.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a round works with. Thread-safe. */
    record Rooms(
            DynamoCalls calls,
            DynamoHead head,
            DynamoStreams streams,
            DynamoStreamReader reader,
            StreamMemory memory,
            DynamoTransactions transactions,
            DynamoResolver resolver,
            DynamoTurns turns,
            Runnable grown) {

        /** The tail behind which the next attempt goes, as far as it is known. */
        DynamoTail tail() {
            DynamoTail tail = head.known();
            memory.begin(tail.epoch());
            return tail;
        }

        /** An attempt is in the log. */
        void committed(DynamoAttempt attempt) {
            head.saw(attempt.after());
            attempt.group().ends().forEach((stream, end) -> memory.put(stream, end.writtenBy(attempt.number())));
            grown.run();
        }

        /** The tail is not as it was known, but as the item says where there is one. */
        void tailMoved(Map<String, AttributeValue> item) {
            if (item.isEmpty()) {
                head.read();
            } else {
                head.saw(DynamoTail.of(calls.address(), item));
            }
        }

        /** Where an event stands that is there. */
        Position positionOf(StreamId stream, long version) {
            return reader.committed(stream, version, 1).get(0).position();
        }
    }
}
