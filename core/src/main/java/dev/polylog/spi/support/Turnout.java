package dev.polylog.spi.support;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * How many callers a group may expect, and how long it pays to wait for them.
 *
 * <p>Callers who append one thing after the other come back a moment after they were let go. A group that does not wait
 * for them takes only those who queued meanwhile, so that two halves take turns and each append waits for two commits
 * instead of one. The steps:
 *
 * <ol>
 *   <li>After each commit those whom it let go and those who queued are expected to the next.
 *   <li>A group that is not yet complete waits for half of what a commit takes, and never longer than a few milliseconds;
 *       where commits are so quick that threads cannot change in that time, it does not wait.
 *   <li>After a wait that was in vain the next group does not wait, after two in vain three do not, and so on
 *       up to a bound.
 * </ol>
 *
 * <p>Counts and durations only: who waits, and with which clock, is {@link GroupCommit}'s. Not thread-safe: guarded by the
 * lock of the group commit.
 */
final class Turnout {

    private static final Duration LEAST = Duration.ofNanos(50_000);
    private static final Duration MOST = Duration.ofMillis(5);
    private static final int MOST_IN_VAIN = 8;

    private final int mostMembers;
    private final UnaryOperator<Duration> worth;
    private int expected;
    private long commitNanos;
    private int inVain;
    private int goingOn;

    /**
     * With no experience yet.
     *
     * @param mostMembers the members of the greatest group
     */
    Turnout(int mostMembers) {
        this(mostMembers, Turnout::worth);
    }

    /**
     * With another idea of how long to wait.
     *
     * @param mostMembers the members of the greatest group
     * @param worth how long to wait where a commit takes so long
     */
    Turnout(int mostMembers, UnaryOperator<Duration> worth) {
        this.mostMembers = mostMembers;
        this.worth = worth;
    }

    /** Half of a commit; neither less than it costs to wait, nor whatever a commit takes that fails. */
    static Duration worth(Duration commit) {
        Duration half = commit.dividedBy(2);
        if (half.compareTo(LEAST) < 0) {
            return Duration.ZERO;
        }
        return half.compareTo(MOST) < 0 ? half : MOST;
    }

    /** The members that the next group may have. */
    int expected() {
        return expected;
    }

    /**
     * For how long the group that is about to be committed waits for more.
     *
     * @param members those it has
     * @return zero if it is complete, or if it goes on at once
     */
    Duration patience(int members) {
        if (members >= expected) {
            waited(true);
            return Duration.ZERO;
        }
        if (goingOn > 0) {
            goingOn--;
            return Duration.ZERO;
        }
        return worth.apply(Duration.ofNanos(commitNanos));
    }

    /**
     * A wait is over.
     *
     * @param complete whether all came who were expected
     */
    void waited(boolean complete) {
        inVain = complete ? 0 : Math.min(inVain + 1, MOST_IN_VAIN);
        goingOn = (1 << inVain) - 1;
    }

    /**
     * A group was committed, or failed.
     *
     * @param members how many it had
     * @param queued how many wait for the next
     * @param took how long it took
     */
    void committed(int members, int queued, Duration took) {
        expected = Math.min(members + queued, mostMembers);
        long nanos = took.toNanos();
        commitNanos = commitNanos == 0 ? nanos : (7 * commitNanos + nanos) / 8;
    }
}
