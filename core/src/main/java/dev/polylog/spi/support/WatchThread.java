package dev.polylog.spi.support;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A watch that looks at the log from time to time, on a daemon thread of its own.
 *
 * <p>Backends whose stores tell nothing, or may fall silent, begin one for {@link SignalListeners}. Thread-safe. Rules
 * N-01, L-03.
 */
public final class WatchThread implements SignalListeners.Watch {

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    private WatchThread(String name, Consumer<WatchThread> looking) {
        this.thread = new Thread(() -> looking.accept(this), name);
        thread.setDaemon(true);
    }

    /**
     * Begins to watch.
     *
     * @param name the thread's name
     * @param looking looks again and again on the thread, until {@link #stopsWithin(Duration)} is true; is given the watch
     * @return the watch, which ends when looking returns
     */
    public static WatchThread start(String name, Consumer<WatchThread> looking) {
        WatchThread watch = new WatchThread(name, looking);
        watch.thread.start();
        return watch;
    }

    /**
     * Waits for the next look, or for the end of the watch.
     *
     * @param pause how long to wait at most
     * @return true as soon as the watch is to end, by {@link #stop()} or an interrupt
     */
    public boolean stopsWithin(Duration pause) {
        try {
            return stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but whoever ends the process.
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void stop() {
        stopped.countDown();
    }

    @Override
    public void join(Duration bound) {
        ThreadEnd.await(thread, bound);
    }
}
