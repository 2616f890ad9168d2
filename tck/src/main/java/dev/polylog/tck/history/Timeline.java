package dev.polylog.tck.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Points that happened one after another, 1 to n, and what is known about their moments. Confined to one thread.
 *
 * <p>There are moments that fit if and only if no point has to be later than it, or one after it, may be.
 */
final class Timeline {

    private static final long ALWAYS = Long.MIN_VALUE;

    /** Two operations that cannot both be: by the one the point is later than the other lets it, or a later point, be. */
    record Contradiction(Operation notBefore, Operation notAfter) {}

    private final long[] earliest;
    private final long[] latest;
    private final @Nullable Operation[] earliestBy;
    private final @Nullable Operation[] latestBy;
    private boolean closed;

    Timeline(int points) {
        earliest = new long[points + 1];
        latest = new long[points + 1];
        earliestBy = new Operation[points + 1];
        latestBy = new Operation[points + 1];
        Arrays.fill(earliest, ALWAYS);
        Arrays.fill(latest, Operation.NEVER);
    }

    /** The point is not before the moment at which the operation was invoked. */
    void notBefore(int point, Operation operation) {
        if (operation.invoked() > earliest[point]) {
            earliest[point] = operation.invoked();
            earliestBy[point] = operation;
        }
    }

    /** The point is not after the moment at which the operation was completed. */
    void notAfter(int point, Operation operation) {
        if (operation.completed() < latest[point]) {
            latest[point] = operation.completed();
            latestBy[point] = operation;
        }
    }

    /** The last moment at which a point can be, with all that is known of it and of those after it. */
    long latest(int point) {
        close();
        return latest[point];
    }

    private void close() {
        if (!closed) {
            closed = true;
            for (int i = latest.length - 2; i >= 0; i--) {
                if (latest[i + 1] < latest[i]) {
                    latest[i] = latest[i + 1];
                    latestBy[i] = latestBy[i + 1];
                }
            }
        }
    }

    List<Contradiction> contradictions() {
        close();
        List<Contradiction> found = new ArrayList<>();
        for (int i = 0; i < earliest.length; i++) {
            Operation late = earliestBy[i];
            Operation early = latestBy[i];
            if (earliest[i] > latest[i] && late != null && early != null) {
                found.add(new Contradiction(late, early));
            }
        }
        return found;
    }
}
