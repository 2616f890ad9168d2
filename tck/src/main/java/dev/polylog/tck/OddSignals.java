package dev.polylog.tck;

import dev.polylog.spi.LogBackend;
import dev.polylog.spi.Registration;
import dev.polylog.spi.support.ForwardingBackend;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A backend whose signals are as bad as signals may be (rule N-01). Thread-safe. */
final class OddSignals extends ForwardingBackend {

    private static final long SOON_MILLIS = 3;

    private final Kind kind;

    OddSignals(LogBackend backend, Kind kind) {
        super(backend);
        this.kind = kind;
    }

    /** What is wrong with the signals. */
    enum Kind {
        LOST,
        SPURIOUS,
        LATE,
        REPEATED
    }

    @Override
    public Registration signal(Runnable listener) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tck-odd-signals");
            thread.setDaemon(true);
            return thread;
        });
        Registration registration = super.signal(() -> pass(listener, timer));
        if (kind == Kind.SPURIOUS) {
            Future<?> ticking = timer.scheduleAtFixedRate(listener, 0, SOON_MILLIS, TimeUnit.MILLISECONDS);
            return stop(registration, timer, ticking);
        }
        return stop(registration, timer, CompletableFuture.completedFuture(null));
    }

    private static Registration stop(Registration registration, ScheduledExecutorService timer, Future<?> ticking) {
        return () -> {
            registration.close();
            ticking.cancel(false);
            timer.shutdownNow();
        };
    }

    private void pass(Runnable listener, ScheduledExecutorService timer) {
        switch (kind) {
            case LOST -> {}
            case SPURIOUS -> listener.run();
            case REPEATED -> {
                for (int i = 0; i < 10; i++) {
                    listener.run();
                }
            }
            case LATE -> {
                if (!timer.isShutdown()) {
                    timer.execute(() -> later(listener));
                }
            }
        }
    }

    private static void later(Runnable listener) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10 * SOON_MILLIS));
        listener.run();
    }
}
