package dev.polylog.dynamodb;

import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.spi.support.SignalListeners;
import dev.polylog.spi.support.ThreadEnd;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that looks at the tail and tells when it moved: often while the log grows, once a second while it does not.
 *
 * <p>Looking never ends while somebody listens, so a failed look only delays. Thread-safe. Rules N-01, N-02.
 */
final class DynamoWatcher implements SignalListeners.Watch {

    /** How long to wait between two looks while nothing happens. */
    static final Duration SLOWEST = Duration.ofSeconds(1);

    private static final Duration QUICKEST = Duration.ofMillis(50);
    private static final Logger LOG = LoggerFactory.getLogger(DynamoWatcher.class);

    private final DynamoCalls calls;
    private final DynamoHead head;
    private final Runnable tell;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    private DynamoWatcher(DynamoCalls calls, DynamoHead head, Runnable tell) {
        this.calls = calls;
        this.head = head;
        this.tell = tell;
        this.thread = new Thread(this::run, "polylog-" + calls.table() + "-watcher");
        thread.setDaemon(true);
    }

    static DynamoWatcher start(DynamoCalls calls, DynamoHead head, Runnable tell) {
        DynamoWatcher watcher = new DynamoWatcher(calls, head, tell);
        watcher.thread.start();
        return watcher;
    }

    private void run() {
        long seen = -1;
        Duration wait = QUICKEST;
        while (!stopsAfter(wait)) {
            long now = look(seen);
            boolean moved = now != seen;
            if (moved) {
                tell.run();
            }
            seen = now;
            Duration longer = wait.multipliedBy(2);
            wait = moved ? QUICKEST : longer.compareTo(SLOWEST) < 0 ? longer : SLOWEST;
        }
    }

    private long look(long seen) {
        try {
            return head.read().group();
        } catch (StoreClosed e) {
            stopped.countDown();
            return seen;
        } catch (PolylogException e) {
            LOG.debug("{}: the tail cannot be read now", calls.address(), e);
            return seen;
        }
    }

    private boolean stopsAfter(Duration duration) {
        try {
            return stopped.await(duration.toMillis(), TimeUnit.MILLISECONDS);
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
