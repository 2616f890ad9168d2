package dev.polylog.dynamodb;

import dev.polylog.StoreUnavailable;
import dev.polylog.dynamodb.DynamoCalls.Patience;
import dev.polylog.spi.support.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Lets processes take turns at the tail. Whoever loses a race for it learns so late, and loses the next one too, while the
 * winner goes on at once: without turns a process that appends without pause keeps all others out.
 *
 * <ol>
 *   <li>Nobody waits: whoever is quickest goes. Nothing is read or written for turns.
 *   <li>Whoever came too late {@link #MOST_SETBACKS} times in a row puts itself at the end of the queue, which the tail item
 *       holds.
 *   <li>Every transaction that writes appends demands that nobody waits, or that its own process is the first in the queue,
 *       and then takes it out. So the others fail once, learn from the failure who waits, and wait until the tail moves.
 *   <li>One that is first and does not move for {@link #LONGEST_TURN} may be dead: any other takes it out of the queue. If it
 *       lives, it queues again.
 * </ol>
 *
 * <p>The queue decides who goes first, never what is right: an append is as safe without it. Thread-safe.
 */
final class DynamoTurns {

    /** So often a process comes too late before it queues. */
    static final int MOST_SETBACKS = 3;

    /** So long the first of the queue may keep the others waiting. */
    static final Duration LONGEST_TURN = Duration.ofMillis(250);

    /** Whose turn it is, in expressions. */
    static final String NEXT = DynamoLayout.WAITING + "[0]";

    private static final Backoff LOOKS = new Backoff(Duration.ofMillis(1), Duration.ofMillis(16));

    private final DynamoCalls calls;
    private final DynamoHead head;
    private final String self;

    DynamoTurns(DynamoCalls calls, DynamoHead head) {
        this.calls = calls;
        this.head = head;
        this.self = Long.toHexString(calls.surroundings().random());
    }

    /** Whether this process may go, as far as the tail is known. */
    boolean mayGo(DynamoTail tail) {
        return tail.turn().isEmpty() || tail.turn().get().equals(self);
    }

    /** Whether this process is in the queue. */
    boolean isQueued(DynamoTail tail) {
        return tail.waiting().contains(self);
    }

    /** Puts this process at the end of the queue; afterwards the tail is known as it is. */
    void queue(Patience patience) {
        DynamoTail tail = head.known();
        change(
                "waiting for a turn",
                Update.builder()
                        .updateExpression("SET " + DynamoLayout.WAITING + " = list_append(if_not_exists("
                                + DynamoLayout.WAITING + ", :none), :self)")
                        .conditionExpression(DynamoLayout.EPOCH + " = :epoch AND #log = :log AND NOT contains("
                                + DynamoLayout.WAITING + ", :name)")
                        .expressionAttributeNames(Map.of("#log", DynamoLayout.LOG))
                        .expressionAttributeValues(Map.of(
                                ":none", AttributeValue.fromL(List.of()),
                                ":self", AttributeValue.fromL(List.of(AttributeValue.fromS(self))),
                                ":name", AttributeValue.fromS(self),
                                ":epoch", DynamoLayout.number(tail.epoch()),
                                ":log", AttributeValue.fromS(tail.log()))),
                patience);
        head.read();
    }

    /** Waits until the first of the queue has gone, or the tail has moved; takes the first out where it does not move. */
    void letGo(Patience patience) {
        DynamoTail first = head.known();
        long begin = calls.surroundings().nanoTime();
        for (int look = 1; isUnmoved(first, head.read()); look++) {
            requireTime(patience, "others wait for their turn");
            if (calls.surroundings().nanoTime() - begin >= LONGEST_TURN.toNanos()) {
                takeOut(first, patience);
                head.read();
                return;
            }
            pause(look);
        }
    }

    private static boolean isUnmoved(DynamoTail before, DynamoTail now) {
        return now.isWhere(before) && now.turn().equals(before.turn());
    }

    private void takeOut(DynamoTail tail, Patience patience) {
        change(
                "ending a turn",
                Update.builder()
                        .updateExpression("REMOVE " + NEXT)
                        .conditionExpression("#group = :group AND " + DynamoLayout.EPOCH
                                + " = :epoch AND #log = :log AND " + NEXT + " = :turn")
                        .expressionAttributeNames(Map.of("#group", DynamoLayout.GROUP, "#log", DynamoLayout.LOG))
                        .expressionAttributeValues(Map.of(
                                ":group", DynamoLayout.number(tail.group()),
                                ":epoch", DynamoLayout.number(tail.epoch()),
                                ":log", AttributeValue.fromS(tail.log()),
                                ":turn", AttributeValue.fromS(tail.turn().orElseThrow()))),
                patience);
    }

    /** In a transaction of its own, so that nobody needs the permission to write outside of one. */
    private void change(String what, Update.Builder update, Patience patience) {
        TransactWriteItemsRequest request = TransactWriteItemsRequest.builder()
                .transactItems(TransactWriteItem.builder()
                        .update(update.tableName(calls.table())
                                .key(DynamoLayout.TAIL.attributes())
                                .build())
                        .build())
                .clientRequestToken(new UUID(
                                calls.surroundings().random(),
                                calls.surroundings().random())
                        .toString())
                .overrideConfiguration(calls.override())
                .build();
        for (int attempt = 1; !isSettled(what, request, patience); attempt++) {
            requireTime(patience, "others write the tail all the time");
            pause(attempt);
        }
    }

    /** Whether the change was made, or is not wanted any more. */
    private boolean isSettled(String what, TransactWriteItemsRequest request, Patience patience) {
        calls.requireOpen();
        try {
            calls.client().transactWriteItems(request);
            return true;
        } catch (TransactionCanceledException e) {
            return e.cancellationReasons().stream()
                    .map(CancellationReason::code)
                    .anyMatch(DynamoTransactions.CONDITION::equals);
        } catch (RuntimeException e) {
            patience.uninterrupted();
            if (!DynamoFailures.of(e).isPassing()) {
                throw calls.known(what, e);
            }
            return false;
        }
    }

    private void pause(int times) {
        calls.surroundings().pause(LOOKS.jittered(times, calls.surroundings()::random));
    }

    private void requireTime(Patience patience, String why) {
        patience.uninterrupted();
        if (patience.isOver()) {
            throw new StoreUnavailable(calls.address() + ": " + why + ". Try again later", null);
        }
    }
}
