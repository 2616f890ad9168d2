package dev.polylog.internal;

import dev.polylog.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Real time and daemon threads: one thread that watches the clock, and workers that come and go.
 *
 * <p>Thread-safe.
 */
public final class SystemScheduler implements Scheduler {

    /** The only one: threads are shared by all stores of the process. */
    public static final Scheduler INSTANCE = new SystemScheduler();

    private final ExecutorService workers = Executors.newCachedThreadPool(threads("polylog-worker-"));
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads("polylog-timer-"));

    private SystemScheduler() {
        timer.setRemoveOnCancelPolicy(true);
    }

    private static ThreadFactory threads(String prefix) {
        AtomicLong count = new AtomicLong();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        workers.execute(task);
    }

    @Override
    public Cancellation schedule(Duration delay, Runnable task) {
        Future<?> future = timer.schedule(() -> workers.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
