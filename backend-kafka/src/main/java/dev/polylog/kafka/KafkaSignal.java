package dev.polylog.kafka;

import dev.polylog.spi.Registration;
import dev.polylog.spi.support.SignalListeners;
import dev.polylog.spi.support.ThreadEnd;
import java.time.Duration;

/**
 * Tells listeners when events were added to the view, which follows the log by itself. Cells tell nobody (rule K-03).
 *
 * <p>Thread-safe. Rules N-01, N-02.
 */
final class KafkaSignal {

    private final SignalListeners listeners;

    KafkaSignal(KafkaView view) {
        this.listeners = new SignalListeners(tell -> new Watch(view, tell));
    }

    Registration listen(Runnable listener) {
        return listeners.listen(listener);
    }

    void close(Duration bound) {
        listeners.close(bound);
    }

    /** One thread that waits for the view to grow. */
    private static final class Watch implements SignalListeners.Watch, Runnable {

        private final KafkaView view;
        private final Runnable tell;
        private final Thread thread = new Thread(this, "polylog-kafka-signal");
        private volatile boolean stopped;

        Watch(KafkaView view, Runnable tell) {
            this.view = view;
            this.tell = tell;
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void run() {
            long seen = view.growths();
            while (!stopped) {
                view.awaitGrowth(seen, () -> stopped);
                long grown = view.growths();
                if (grown != seen && !stopped) {
                    seen = grown;
                    tell.run();
                }
            }
        }

        @Override
        public void stop() {
            stopped = true;
            view.nudge();
        }

        @Override
        public void join(Duration bound) {
            ThreadEnd.await(thread, bound);
        }
    }
}
