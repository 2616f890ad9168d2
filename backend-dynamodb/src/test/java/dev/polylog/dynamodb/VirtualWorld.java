package dev.polylog.dynamodb;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time, in which exactly one thread runs at any moment: the others wait for their entry in the queue. So a seed
 * gives the same run each time, and hours take milliseconds.
 */
final class VirtualWorld implements SimWorld {

    private static final long STEP_NANOS = 20_000_000;

    /** After everything else: whoever waits for this waits for all others. */
    private static final long END = Long.MAX_VALUE / 2;

    /** What happens at a moment: an action, or a task that goes on. */
    private record Entry(
            long at,
            long order,
            @Nullable Runnable action,
            @Nullable Task task) implements Comparable<Entry> {

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final class Task {
        private final Thread thread;
        private volatile boolean turn;

        Task(Thread thread) {
            this.thread = thread;
        }

        void awaitTurn() {
            while (!turn) {
                LockSupport.park(this);
            }
            turn = false;
        }

        void wake() {
            turn = true;
            LockSupport.unpark(thread);
        }
    }

    private final Random dice;
    private final PriorityQueue<Entry> queue = new PriorityQueue<>();
    private final ThreadLocal<Task> current = new ThreadLocal<>();
    private final List<Throwable> failures = new ArrayList<>();
    private long now;
    private long order;

    VirtualWorld(long seed) {
        this.dice = new Random(seed);
    }

    /** Runs tasks side by side until all have ended, and what they left behind is done. */
    void run(List<Runnable> tasks) throws InterruptedException {
        Task main = new Task(Thread.currentThread());
        current.set(main);
        List<Thread> threads = new ArrayList<>();
        for (Runnable work : tasks) {
            Thread[] thread = new Thread[1];
            Task[] task = new Task[1];
            thread[0] = new Thread(() -> {
                current.set(task[0]);
                task[0].awaitTurn();
                try {
                    work.run();
                } catch (RuntimeException | Error e) {
                    failures.add(e);
                } finally {
                    next(null);
                }
            });
            task[0] = new Task(thread[0]);
            thread[0].setDaemon(true);
            threads.add(thread[0]);
            add(dice.nextInt(1_000_000), null, task[0]);
        }
        threads.forEach(Thread::start);
        add(END, null, main);
        next(main);
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("a process failed", failures.get(0));
        }
    }

    private void add(long delay, @Nullable Runnable action, @Nullable Task task) {
        queue.add(new Entry(now + delay, order++, action, task));
    }

    /** Goes on with what comes next; returns when it is the caller's turn again, or at once where the caller has ended. */
    private void next(@Nullable Task self) {
        while (true) {
            Entry entry = queue.poll();
            if (entry == null) {
                throw new IllegalStateException("nobody is left who could go on");
            }
            if (entry.at() < END) {
                now = Math.max(now, entry.at());
            }
            Runnable action = entry.action();
            if (action != null) {
                action.run();
            } else if (entry.task() == self) {
                return;
            } else {
                entry.task().wake();
                if (self != null) {
                    self.awaitTurn();
                }
                return;
            }
        }
    }

    @Override
    public void sleep(Duration duration) {
        Task self = current.get();
        add(Math.max(1, duration.toNanos()), null, self);
        next(self);
    }

    @Override
    public Duration spread(List<Runnable> steps) {
        long last = 0;
        for (Runnable step : steps) {
            long delay = dice.nextInt(40) == 0
                    ? 1 + dice.nextLong(20 * STEP_NANOS)
                    : 1 + dice.nextLong(dice.nextBoolean() ? 100_000 : STEP_NANOS);
            add(delay, step, null);
            last = Math.max(last, delay);
        }
        return Duration.ofNanos(last + 1);
    }

    @Override
    public void later(Duration delay, Runnable action) {
        add(delay.toNanos(), action, null);
    }

    @Override
    public Random dice() {
        return dice;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public Instant now() {
        return Instant.ofEpochSecond(1_790_000_000).plusNanos(now);
    }

    @Override
    public long random() {
        return dice.nextLong();
    }
}
