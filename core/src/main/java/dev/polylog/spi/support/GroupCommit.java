package dev.polylog.spi.support;

import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Merges the writes of many callers into one commit; each caller gets its own outcome (rule A-15).
 *
 * <p>Backends whose commits cost the same for one write as for many use it. The steps:
 *
 * <ol>
 *   <li>A caller who finds nobody committing leads: it goes straight through on its own thread.
 *   <li>Callers who come meanwhile queue and are parked, up to a bound; beyond it they are refused at once.
 *   <li>The leader, when done, makes the first of the queue the next leader, who commits what has gathered meanwhile, up
 *       to the greatest group. Before that it waits a little for those whom the last group let go, if experience says that
 *       they come back ({@link Turnout}).
 *   <li>Where the store allows it, those who come while a group is being written join it before its commit; then nobody is
 *       waited for. There the leader goes on to lead for a few milliseconds, since a change of threads costs more than such
 *       a commit.
 *   <li>A group that fails as a whole in a way that wrote nothing is cut in halves and tried again, so that a poisonous
 *       write fails alone.
 * </ol>
 *
 * <p>A caller that has queued longer than the patience leaves with {@link StoreUnavailable}: nothing was written. Once
 * its write is part of a group, it waits for the outcome, which is the committer's to bound. Thread-safe.
 *
 * @param <C> what callers want written
 * @param <O> what becomes of it
 */
public final class GroupCommit<C, O> implements AutoCloseable {

    /**
     * Commits a group.
     *
     * @param <C> what callers want written
     * @param <O> what becomes of it
     */
    @FunctionalInterface
    public interface Committer<C, O> {

        /**
         * Commits all members of a group together. Never called by two threads at once.
         *
         * @param group the members, at least one
         * @return one result for each member, in order
         * @throws RuntimeException if nothing of the group was written: a {@link StoreUnavailable} goes to every member,
         *     after any other exception a group of several is cut in halves and tried again
         */
        List<Result<O>> commit(List<C> group);
    }

    /**
     * Commits a group that may grow until then: for stores in which a transaction that has begun can take more.
     *
     * @param <C> what callers want written
     * @param <O> what becomes of it
     */
    @FunctionalInterface
    public interface GrowingCommitter<C, O> {

        /**
         * Commits all members of a group together, those included that it asked for. Never called by two threads at
         * once.
         *
         * @param group the members so far, at least one
         * @param more adds those who have come meanwhile to the group and gives them; empty where there are none or the
         *     group is full
         * @return one result for each member, in order, those that came later last
         * @throws RuntimeException as {@link Committer#commit} does
         */
        List<Result<O>> commit(List<C> group, Supplier<List<C>> more);
    }

    /**
     * What became of one member of a group.
     *
     * @param <O> the outcome's type
     */
    public sealed interface Result<O> {

        /**
         * The store decided.
         *
         * @param value the outcome
         * @param <O> the outcome's type
         */
        record Outcome<O>(O value) implements Result<O> {}

        /**
         * The member's caller gets an exception.
         *
         * @param exception what to throw, for example {@link dev.polylog.AppendOutcomeUnknown}
         * @param <O> the outcome's type
         */
        record Failure<O>(RuntimeException exception) implements Result<O> {}
    }

    /** How long a leader serves others after its own group, where groups may grow. */
    private static final Duration LEADS_ON = Duration.ofMillis(5);

    private final GrowingCommitter<C, O> committer;
    private final GroupQueue<C, O> queue;
    private final Duration patience;
    private final boolean grows;

    /**
     * A group commit.
     *
     * @param committer commits the groups
     * @param maxGroup the most members of a group
     * @param maxQueue the most callers that wait
     * @param patience how long a caller waits to become part of a group
     */
    public GroupCommit(Committer<C, O> committer, int maxGroup, int maxQueue, Duration patience) {
        this((group, more) -> committer.commit(group), maxGroup, maxQueue, patience, new Turnout(maxGroup));
    }

    /**
     * A group commit whose groups may grow.
     *
     * @param committer commits the groups
     * @param maxGroup the most members of a group
     * @param maxQueue the most callers that wait
     * @param patience how long a caller waits to become part of a group
     */
    public GroupCommit(GrowingCommitter<C, O> committer, int maxGroup, int maxQueue, Duration patience) {
        this(committer, maxGroup, maxQueue, patience, null);
    }

    GroupCommit(
            GrowingCommitter<C, O> committer,
            int maxGroup,
            int maxQueue,
            Duration patience,
            @Nullable Turnout turnout) {
        this.committer = committer;
        this.queue = new GroupQueue<>(maxGroup, maxQueue, turnout);
        this.patience = patience;
        this.grows = turnout == null;
    }

    /**
     * Has a command committed, alone or with others.
     *
     * @param command what to write
     * @return what became of it
     * @throws StoreUnavailable if too many wait or the patience ran out; nothing was written
     * @throws StoreClosed if this is closed; nothing was written
     */
    public O commit(C command) {
        GroupMember<C, O> self = new GroupMember<>(command);
        if (queue.enter(self)) {
            lead(new ArrayList<>(List.of(self)));
        } else {
            await(self);
            if (self.leads) {
                lead(gather(self));
            } else {
                wakeOthers(self);
            }
        }
        return outcome(self);
    }

    private void await(GroupMember<C, O> self) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + patience.toNanos();
        while (self.result == null && !self.leads) {
            long remaining = deadline - System.nanoTime();
            if (remaining > 0) {
                LockSupport.parkNanos(this, remaining);
            } else if (queue.leave(self)) {
                self.result = new Result.Failure<>(new StoreUnavailable(
                        "the append waited " + patience.toMillis() + " ms for others; nothing was written."
                                + " Try again later",
                        null));
            } else {
                LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(1));
            }
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<GroupMember<C, O>> gather(GroupMember<C, O> self) {
        List<GroupMember<C, O>> group = new ArrayList<>();
        group.add(self);
        queue.gatherInto(group);
        return group;
    }

    /** The first group holds the caller. */
    private void lead(List<GroupMember<C, O>> first) {
        serve(first);
        long end = System.nanoTime() + LEADS_ON.toNanos();
        while (grows && System.nanoTime() - end < 0) {
            List<GroupMember<C, O>> next = new ArrayList<>();
            if (queue.gatherInto(next).isEmpty()) {
                break;
            }
            serve(next);
        }
        queue.handOver();
    }

    private void serve(List<GroupMember<C, O>> group) {
        queue.awaitOthers(group);
        long begun = System.nanoTime();
        List<Result<O>> results = attempt(group);
        queue.committed(group.size(), Duration.ofNanos(System.nanoTime() - begun));
        settle(group, results);
    }

    /** Results for all members of a group, which may have grown meanwhile. */
    private List<Result<O>> attempt(List<GroupMember<C, O>> group) {
        List<Result<O>> results = new ArrayList<>(group.size());
        try {
            attempt(group, results);
        } catch (Error e) {
            // Whoever leads must hand over and everybody must be answered, whatever happened.
            while (results.size() < group.size()) {
                results.add(new Result.Failure<>(
                        new IllegalStateException("the commit of this group was broken off by " + e, e)));
            }
        }
        return results;
    }

    private void attempt(List<GroupMember<C, O>> group, List<Result<O>> results) {
        try {
            results.addAll(checked(committer.commit(commands(group), () -> queue.gatherInto(group)), group.size()));
        } catch (RuntimeException e) {
            failed(e, commands(group), results);
        }
    }

    private void attemptApart(List<C> commands, List<Result<O>> results) {
        try {
            results.addAll(checked(committer.commit(commands, List::of), commands.size()));
        } catch (RuntimeException e) {
            failed(e, commands, results);
        }
    }

    private void failed(RuntimeException failure, List<C> commands, List<Result<O>> results) {
        if (failure instanceof StoreUnavailable || failure instanceof StoreClosed) {
            commands.forEach(command -> results.add(new Result.Failure<>(own((PolylogException) failure))));
        } else if (commands.size() == 1) {
            results.add(new Result.Failure<>(failure));
        } else {
            int half = commands.size() / 2;
            attemptApart(commands.subList(0, half), results);
            attemptApart(commands.subList(half, commands.size()), results);
        }
    }

    private List<C> commands(List<GroupMember<C, O>> group) {
        return group.stream().map(waiter -> waiter.command).toList();
    }

    private List<Result<O>> checked(List<Result<O>> results, int members) {
        if (results.size() != members) {
            throw new IllegalStateException(results.size() + " results for " + members + " commands");
        }
        return results;
    }

    /** Each caller throws an exception of its own, with its own stack. */
    private static RuntimeException own(PolylogException shared) {
        return shared instanceof StoreClosed
                ? new StoreClosed()
                : new StoreUnavailable(String.valueOf(shared.getMessage()), shared);
    }

    /** From the end on: whoever sees its result knows that those whom it wakes have theirs. */
    private void settle(List<GroupMember<C, O>> group, List<Result<O>> results) {
        for (int i = group.size() - 1; i >= 0; i--) {
            GroupMember<C, O> waiter = group.get(i);
            waiter.group = group;
            waiter.place = i;
            waiter.result = results.get(i);
        }
        GroupMember<C, O> first = group.get(0);
        if (first.thread == Thread.currentThread()) {
            wakeOthers(first);
        } else {
            LockSupport.unpark(first.thread);
        }
    }

    /** Each wakes two, so that the one who leads need not wake them all. */
    private void wakeOthers(GroupMember<C, O> waiter) {
        int end = Math.min(2 * waiter.place + 3, waiter.group.size());
        for (int i = 2 * waiter.place + 1; i < end; i++) {
            LockSupport.unpark(waiter.group.get(i).thread);
        }
    }

    private O outcome(GroupMember<C, O> self) {
        Result<O> result = self.result;
        if (result instanceof Result.Outcome<O> outcome) {
            return outcome.value();
        }
        if (result instanceof Result.Failure<O> failure) {
            throw failure.exception();
        }
        throw new IllegalStateException("a commit ended without a result");
    }

    /** Refuses further callers and those that wait, with {@link StoreClosed}; who is part of a group gets its outcome. */
    @Override
    public void close() {
        queue.close();
    }
}
