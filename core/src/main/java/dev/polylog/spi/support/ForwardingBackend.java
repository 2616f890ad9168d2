package dev.polylog.spi.support;

import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.Registration;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;

/**
 * A backend that passes every call on to another one: the base of decorators, which override what they change.
 *
 * <p>Thread-safe if the other backend is. Fails as that one does.
 */
public abstract class ForwardingBackend implements LogBackend {

    private final LogBackend next;

    /**
     * A backend that passes calls on.
     *
     * @param next the backend that gets them; closed with this one
     */
    protected ForwardingBackend(LogBackend next) {
        this.next = next;
    }

    /**
     * The backend that gets the calls.
     *
     * @return the same object at every call
     */
    protected final LogBackend next() {
        return next;
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        return next.append(command);
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        return next.readStream(read);
    }

    @Override
    public LogSlice readAll(LogRead read) {
        return next.readAll(read);
    }

    @Override
    public Registration signal(Runnable listener) {
        return next.signal(listener);
    }

    @Override
    public LogStatus status() {
        return next.status();
    }

    @Override
    public CellStore cells() {
        return next.cells();
    }

    @Override
    public BackendTraits traits() {
        return next.traits();
    }

    @Override
    public void close() {
        next.close();
    }
}
