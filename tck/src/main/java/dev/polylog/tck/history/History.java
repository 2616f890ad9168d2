package dev.polylog.tck.history;

import dev.polylog.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The record of what clients asked a store and what they were answered.
 *
 * <p>Clients call {@link #begin} before a call and {@link Call#end} after it, or let a {@link RecordingBackend} do both.
 * Thread-safe and cheap: a call costs two readings of the clock and one entry in a queue, without a lock.
 */
public final class History {

    private final Position start;
    private final LongSupplier clock;
    private final long origin;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();

    /**
     * A history that begins now, on the machine's monotonic clock.
     *
     * @param start the head of the log before the first recorded call; {@link Position#START} where it is empty
     */
    public History(Position start) {
        this(start, System::nanoTime);
    }

    /**
     * A history with a clock of one's own.
     *
     * @param start the head of the log before the first recorded call
     * @param clock nanoseconds, the same for all clients
     */
    public History(Position start, LongSupplier clock) {
        this.start = start;
        this.clock = clock;
        this.origin = clock.getAsLong();
    }

    /**
     * The head of the log before the history began.
     *
     * @return events at or below it were there before
     */
    public Position start() {
        return start;
    }

    /**
     * Notes that a client is about to call the store.
     *
     * @param client who calls
     * @param action what it asks
     * @return to be told the answer
     */
    public Call begin(String client, Action action) {
        Call call = new Call(client, action, clock.getAsLong() - origin);
        calls.add(call);
        return call;
    }

    /**
     * All calls so far; one that has not returned is unknown if it writes, and left out if it reads.
     *
     * @return the operations in the order in which they were begun; a copy
     */
    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Call call : calls) {
            Operation operation = call.operation(operations.size() + 1L);
            if (operation != null) {
                operations.add(operation);
            }
        }
        return operations;
    }

    /** A call that has begun. To be ended once, by the thread that began it. */
    public final class Call {

        private final String client;
        private final Action action;
        private final long invoked;
        private long completed;
        private volatile @Nullable Outcome outcome;

        private Call(String client, Action action, long invoked) {
            this.client = client;
            this.action = action;
            this.invoked = invoked;
        }

        /**
         * Notes the answer.
         *
         * @param answer what the store answered
         */
        public void end(Outcome answer) {
            completed = answer instanceof Outcome.Unknown ? Operation.NEVER : clock.getAsLong() - origin;
            outcome = answer;
        }

        private @Nullable Operation operation(long number) {
            Outcome answer = outcome;
            if (answer != null) {
                return new Operation(number, client, invoked, completed, action, answer);
            }
            boolean writes = action instanceof Action.Append || action instanceof Action.SetCell;
            return writes
                    ? new Operation(number, client, invoked, Operation.NEVER, action, new Outcome.Unknown())
                    : null;
        }
    }
}
