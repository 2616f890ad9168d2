package dev.polylog.spi.support;

import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.support.GroupCommit.Result;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who leads a {@link GroupCommit}, and who waits to become part of a group. Thread-safe.
 *
 * @param <C> what callers want written
 * @param <O> what becomes of it
 */
final class GroupQueue<C, O> {

    private final int maxGroup;
    private final int maxQueue;
    private final @Nullable Turnout turnout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition complete = lock.newCondition();
    private final ArrayDeque<GroupMember<C, O>> waiting = new ArrayDeque<>();
    private int awaited = Integer.MAX_VALUE;
    private boolean busy;
    private boolean closed;

    /**
     * An empty queue, which nobody leads.
     *
     * @param maxGroup the most members of a group
     * @param maxQueue the most that wait
     * @param turnout says who is waited for; absent where nobody is
     */
    GroupQueue(int maxGroup, int maxQueue, @Nullable Turnout turnout) {
        this.maxGroup = maxGroup;
        this.maxQueue = maxQueue;
        this.turnout = turnout;
    }

    /** Whether the caller leads from now on; else it waits. */
    boolean enter(GroupMember<C, O> self) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosed();
            }
            if (!busy) {
                busy = true;
                return true;
            }
            if (waiting.size() >= maxQueue) {
                throw new StoreUnavailable(
                        maxQueue + " appends are waiting already; nothing was written. Try again later", null);
            }
            waiting.add(self);
            if (waiting.size() >= awaited) {
                complete.signal();
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a caller who has waited long enough left; else it is part of a group already. */
    boolean leave(GroupMember<C, O> self) {
        lock.lock();
        try {
            return waiting.remove(self);
        } finally {
            lock.unlock();
        }
    }

    /** Puts those who wait into a group that has room, and gives what they want written. */
    List<C> gatherInto(List<GroupMember<C, O>> group) {
        List<C> came = new ArrayList<>();
        lock.lock();
        try {
            while (group.size() < maxGroup && !waiting.isEmpty()) {
                GroupMember<C, O> waiter = waiting.remove();
                group.add(waiter);
                came.add(waiter.command);
            }
        } finally {
            lock.unlock();
        }
        return came;
    }

    /**
     * Lets those come who are expected, and takes whoever came: everybody or not.
     *
     * @param group what is about to be committed
     */
    void awaitOthers(List<GroupMember<C, O>> group) {
        Turnout experience = turnout;
        if (experience == null) {
            return;
        }
        boolean interrupted = false;
        lock.lock();
        try {
            long nanos = experience.patience(group.size() + waiting.size()).toNanos();
            if (nanos > 0) {
                awaited = experience.expected() - group.size();
                while (waiting.size() < awaited && nanos > 0 && !closed) {
                    nanos = complete.awaitNanos(nanos);
                }
                experience.waited(waiting.size() >= awaited);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            awaited = Integer.MAX_VALUE;
            lock.unlock();
        }
        gatherInto(group);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * To be told before those of a group are let go.
     *
     * @param members how many they are
     * @param took how long their commit took
     */
    void committed(int members, Duration took) {
        Turnout experience = turnout;
        if (experience == null) {
            return;
        }
        lock.lock();
        try {
            experience.committed(members, waiting.size(), took);
        } finally {
            lock.unlock();
        }
    }

    /** Makes the first who waits the next leader. */
    void handOver() {
        lock.lock();
        try {
            GroupMember<C, O> next = waiting.poll();
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

    /** Refuses whoever waits or comes. */
    void close() {
        lock.lock();
        try {
            closed = true;
            complete.signal();
            while (!waiting.isEmpty()) {
                GroupMember<C, O> waiter = waiting.remove();
                waiter.result = new Result.Failure<>(new StoreClosed());
                LockSupport.unpark(waiter.thread);
            }
        } finally {
            lock.unlock();
        }
    }
}
