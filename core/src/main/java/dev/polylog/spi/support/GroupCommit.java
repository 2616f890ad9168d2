package dev.polylog.spi.support;

import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
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
 *   <li>The leader, when done, commits what has gathered meanwhile, up to the greatest group, and goes on so for a few
 *       milliseconds, since a change of threads costs more than many a commit. Then it makes the first of the queue the
 *       next leader.
 *   <li>Where the store allows it, those who come while a group is being written join it before its commit.
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

    /** How long a leader serves others after its own group. */
    private static final Duration LEADS_ON = Duration.ofMillis(5);

    private static final class Waiter<C, O> {
        final C command;
        final Thread thread = Thread.currentThread();

        /** Whom this one wakes; written before the result is. */
        List<Waiter<C, O>> group = List.of();

        int place;
        volatile @Nullable Result<O> result;
        volatile boolean leads;

        Waiter(C command) {
            this.command = command;
        }
    }

    private final GrowingCommitter<C, O> committer;
    private final int maxGroup;
    private final int maxQueue;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter<C, O>> queue = new ArrayDeque<>();
    private boolean busy;
    private boolean closed;

    /**
     * A group commit.
     *
     * @param committer commits the groups
     * @param maxGroup the most members of a group
     * @param maxQueue the most callers that wait
     * @param patience how long a caller waits to become part of a group
     */
    public GroupCommit(Committer<C, O> committer, int maxGroup, int maxQueue, Duration patience) {
        this((group, more) -> committer.commit(group), maxGroup, maxQueue, patience);
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
        this.committer = committer;
        this.maxGroup = maxGroup;
        this.maxQueue = maxQueue;
        this.patience = patience;
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
        Waiter<C, O> self = new Waiter<>(command);
        if (enter(self)) {
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

    private boolean enter(Waiter<C, O> self) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosed();
            }
            if (!busy) {
                busy = true;
                return true;
            }
            if (queue.size() >= maxQueue) {
                throw new StoreUnavailable(
                        maxQueue + " appends are waiting already; nothing was written. Try again later", null);
            }
            queue.add(self);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void await(Waiter<C, O> self) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + patience.toNanos();
        while (self.result == null && !self.leads) {
            long remaining = deadline - System.nanoTime();
            if (remaining > 0) {
                LockSupport.parkNanos(this, remaining);
            } else if (leave(self)) {
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

    private boolean leave(Waiter<C, O> self) {
        lock.lock();
        try {
            return queue.remove(self);
        } finally {
            lock.unlock();
        }
    }

    private List<Waiter<C, O>> gather(Waiter<C, O> self) {
        List<Waiter<C, O>> group = new ArrayList<>();
        group.add(self);
        gatherInto(group);
        return group;
    }

    /** The commands that came to the group. */
    private List<C> gatherInto(List<Waiter<C, O>> group) {
        List<C> came = new ArrayList<>();
        lock.lock();
        try {
            while (group.size() < maxGroup && !queue.isEmpty()) {
                Waiter<C, O> waiter = queue.remove();
                group.add(waiter);
                came.add(waiter.command);
            }
        } finally {
            lock.unlock();
        }
        return came;
    }

    /** The first group holds the caller; it serves others for a little longer, which spares a change of threads a group. */
    private void lead(List<Waiter<C, O>> first) {
        settle(first, attempt(first));
        long end = System.nanoTime() + LEADS_ON.toNanos();
        while (System.nanoTime() - end < 0) {
            List<Waiter<C, O>> next = new ArrayList<>();
            if (gatherInto(next).isEmpty()) {
                break;
            }
            settle(next, attempt(next));
        }
        handOver();
    }

    /** Results for all members of a group, which may have grown meanwhile. */
    private List<Result<O>> attempt(List<Waiter<C, O>> group) {
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

    private void attempt(List<Waiter<C, O>> group, List<Result<O>> results) {
        try {
            results.addAll(checked(committer.commit(commands(group), () -> gatherInto(group)), group.size()));
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

    private List<C> commands(List<Waiter<C, O>> group) {
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

    private void handOver() {
        lock.lock();
        try {
            Waiter<C, O> next = queue.poll();
            if (next == null) {
                busy = false;
            } else {
                next.leads = true;
                LockSupport.unpark(next.thread);
            }
        } finally {
            lock.unlock();
        }
    }

    /** From the end on: whoever sees its result knows that those whom it wakes have theirs. */
    private void settle(List<Waiter<C, O>> group, List<Result<O>> results) {
        for (int i = group.size() - 1; i >= 0; i--) {
            Waiter<C, O> waiter = group.get(i);
            waiter.group = group;
            waiter.place = i;
            waiter.result = results.get(i);
        }
        Waiter<C, O> first = group.get(0);
        if (first.thread == Thread.currentThread()) {
            wakeOthers(first);
        } else {
            LockSupport.unpark(first.thread);
        }
    }

    /** Each wakes two, so that the one who leads need not wake them all. */
    private void wakeOthers(Waiter<C, O> waiter) {
        int end = Math.min(2 * waiter.place + 3, waiter.group.size());
        for (int i = 2 * waiter.place + 1; i < end; i++) {
            LockSupport.unpark(waiter.group.get(i).thread);
        }
    }

    private O outcome(Waiter<C, O> self) {
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
        lock.lock();
        try {
            closed = true;
            while (!queue.isEmpty()) {
                Waiter<C, O> waiter = queue.remove();
                waiter.result = new Result.Failure<>(new StoreClosed());
                LockSupport.unpark(waiter.thread);
            }
        } finally {
            lock.unlock();
        }
    }
}
