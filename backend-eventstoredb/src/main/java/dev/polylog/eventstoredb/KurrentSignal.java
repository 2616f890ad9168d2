package dev.polylog.eventstoredb;

import dev.polylog.spi.Registration;
import dev.polylog.spi.support.SignalListeners;
import java.time.Duration;

/**
 * Tells listeners that the log grew: at once where this process wrote, and by a {@link KurrentWatcher} where another one
 * did, which there is only while somebody listens.
 *
 * <p>Thread-safe. Rules N-01, N-02, K-03.
 */
final class KurrentSignal {

    private final SignalListeners listeners;

    KurrentSignal(KurrentConfig config, KurrentClients clients, KurrentHead head) {
        this.listeners = new SignalListeners(tell -> KurrentWatcher.start(config, clients, head, tell));
    }

    /** This process wrote. */
    void grown() {
        listeners.tell();
    }

    Registration listen(Runnable listener) {
        return listeners.listen(listener);
    }

    /** Forgets all listeners and ends the watcher. */
    void close(Duration bound) {
        listeners.close(bound);
    }
}
