package dev.polylog.memory;

import dev.polylog.Scheduler;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.Registration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A log and all who have it open; a named one can be found by others of the process until the last has closed it.
 *
 * <p>Thread-safe.
 */
final class SharedLog {

    private static final Map<String, SharedLog> NAMED = new HashMap<>();

    private final @Nullable String name;
    private final MemoryLog log;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private int users;

    private SharedLog(@Nullable String name, BackendTraits traits) {
        this.name = name;
        this.log = new MemoryLog(traits);
    }

    static MemoryBackend open(@Nullable String name, BackendTraits traits, Scheduler scheduler, FaultPlan faults) {
        synchronized (NAMED) {
            SharedLog shared = name == null
                    ? new SharedLog(null, traits)
                    : NAMED.computeIfAbsent(name, key -> new SharedLog(key, traits));
            return new MemoryBackend(shared, traits, scheduler, faults);
        }
    }

    MemoryLog log() {
        return log;
    }

    void opened() {
        synchronized (NAMED) {
            users++;
        }
    }

    void closed() {
        synchronized (NAMED) {
            users--;
            if (users == 0 && name != null) {
                NAMED.remove(name);
            }
        }
    }

    void announce() {
        listeners.forEach(Runnable::run);
    }

    Registration listen(Runnable listener) {
        AtomicBoolean open = new AtomicBoolean(true);
        Runnable guarded = () -> {
            if (open.get()) {
                listener.run();
            }
        };
        listeners.add(guarded);
        return () -> {
            open.set(false);
            listeners.remove(guarded);
        };
    }
}
