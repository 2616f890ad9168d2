package dev.polylog.eventstoredb;

import dev.polylog.Position;
import dev.polylog.StoreClosed;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.spi.support.WatchThread;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when the log grew: through a subscription at once, and by looking at the head once a second all the
 * same. The client's subscriptions may die without a word; one that is silent while the head moves is replaced.
 *
 * <p>For the thread of its watch. Rules N-01, N-02.
 */
final class KurrentWatcher {

    /** How long growth may go unnoticed where the subscription fails. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** A subscription that has not shown by then what the head shows is dead. */
    private static final int SILENT_LOOKS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(KurrentWatcher.class);

    private final String address;
    private final KurrentHead head;
    private final KurrentListening listening;
    private final Runnable tell;

    private KurrentWatcher(KurrentConfig config, KurrentClients clients, KurrentHead head, Runnable tell) {
        this.address = config.address();
        this.head = head;
        this.listening = new KurrentListening(config, clients, tell);
        this.tell = tell;
    }

    static WatchThread start(KurrentConfig config, KurrentClients clients, KurrentHead head, Runnable tell) {
        return WatchThread.start("polylog-kurrent-watcher", new KurrentWatcher(config, clients, head, tell)::run);
    }

    private void run(WatchThread watch) {
        try {
            Position told = Position.START;
            int silent = 0;
            do {
                listening.ensure();
                Position now = look(told);
                silent = now.isAfter(listening.seen()) && !listening.seen().equals(Position.START) ? silent + 1 : 0;
                if (now.isAfter(told)) {
                    told = now;
                    tell.run();
                }
                if (silent >= SILENT_LOOKS) {
                    LOG.debug("{}: the subscription is silent while the head is {}", address, now);
                    listening.renew();
                    silent = 0;
                }
            } while (!watch.stopsWithin(INTERVAL));
        } finally {
            listening.close();
        }
    }

    private Position look(Position told) {
        try {
            return head.find();
        } catch (Failed | StoreClosed e) {
            LOG.debug("{}: the head cannot be read now", address, e);
            return told;
        }
    }
}
