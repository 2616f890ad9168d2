package dev.polylog.dynamodb;

import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.spi.support.WatchThread;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the tail and tells when it moved: often while the log grows, once a second while it does not.
 *
 * <p>Looking never ends while somebody listens, so a failed look only delays. For the thread of its watch. Rules N-01, N-02.
 */
final class DynamoWatcher {

    /** How long to wait between two looks while nothing happens. */
    static final Duration SLOWEST = Duration.ofSeconds(1);

    private static final Duration QUICKEST = Duration.ofMillis(50);
    private static final Logger LOG = LoggerFactory.getLogger(DynamoWatcher.class);

    private final DynamoCalls calls;
    private final DynamoHead head;
    private final Runnable tell;

    private DynamoWatcher(DynamoCalls calls, DynamoHead head, Runnable tell) {
        this.calls = calls;
        this.head = head;
        this.tell = tell;
    }

    static WatchThread start(DynamoCalls calls, DynamoHead head, Runnable tell) {
        return WatchThread.start("polylog-" + calls.table() + "-watcher", new DynamoWatcher(calls, head, tell)::run);
    }

    private void run(WatchThread watch) {
        long seen = -1;
        Duration wait = QUICKEST;
        while (!watch.stopsWithin(wait)) {
            long now = look(seen, watch);
            boolean moved = now != seen;
            if (moved) {
                tell.run();
            }
            seen = now;
            Duration longer = wait.multipliedBy(2);
            wait = moved ? QUICKEST : longer.compareTo(SLOWEST) < 0 ? longer : SLOWEST;
        }
    }

    private long look(long seen, WatchThread watch) {
        try {
            return head.read().group();
        } catch (StoreClosed e) {
            watch.stop();
            return seen;
        } catch (PolylogException e) {
            LOG.debug("{}: the tail cannot be read now", calls.address(), e);
            return seen;
        }
    }
}
