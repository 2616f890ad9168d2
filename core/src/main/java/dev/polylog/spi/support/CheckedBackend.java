package dev.polylog.spi.support;

import static dev.polylog.spi.support.BackendContractViolation.require;

import dev.polylog.PolylogException;
import dev.polylog.Position;
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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose every call is checked: what may be asked of it, and what it may answer.
 *
 * <p>The compatibility kit puts it around each backend; an application may do so to find out whether a backend is to
 * blame. It needs no calls of its own but remembers what this handle was told (the greatest acknowledged position, the
 * versions and revisions of the streams and cells used last), so it notices answers that contradict each other. Not for
 * a log that loses its tail on purpose.
 *
 * <p>Thread-safe if the backend is. A wrong answer is a {@link BackendContractViolation} that names the rule; a call that
 * nobody may make is an {@link IllegalArgumentException}; all other failures are the backend's own, unchanged.
 */
public final class CheckedBackend implements LogBackend {

    private final LogBackend backend;
    private final BackendTraits traits;
    private final HandleMemory memory = new HandleMemory();
    private final AppendContract appends;
    private final ReadContract reads;
    private final CheckedCells cells;
    private final Queue<BackendContractViolation> elsewhere = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;
    private volatile @Nullable String logId;

    /**
     * Puts checks around a backend.
     *
     * @param backend the backend; closed with this one
     */
    public CheckedBackend(LogBackend backend) {
        this.backend = backend;
        this.traits = backend.traits();
        this.appends = new AppendContract(traits, memory);
        this.reads = new ReadContract(memory);
        this.cells = new CheckedCells(backend.cells(), this::call);
    }

    /**
     * Makes a call that fails as calls may fail: with {@link dev.polylog.StoreClosed} and nothing else where the backend
     * was closed before, with exceptions of the library where the store is to blame.
     */
    private <T> T call(String name, Calls.Call<T> call) {
        BackendContractViolation seen = elsewhere.poll();
        if (seen != null) {
            throw seen;
        }
        return Calls.make(name, closed, call);
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        appends.requireValid(command);
        Position before = memory.acknowledged();
        return call("append", () -> appends.check(command, before, () -> backend.append(command)));
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        long known = memory.version(read.stream());
        return call("readStream", () -> reads.check(read, known, backend.readStream(read)));
    }

    @Override
    public LogSlice readAll(LogRead read) {
        Position before = memory.acknowledged();
        return call("readAll", () -> reads.check(read, before, backend.readAll(read)));
    }

    @Override
    public LogStatus status() {
        Position before = memory.acknowledged();
        return call("status", () -> check(backend.status(), before));
    }

    private LogStatus check(LogStatus status, Position before) {
        String known = logId;
        require(!status.logId().isBlank(), "S-10", "the log has no id");
        require(
                known == null || known.equals(status.logId()),
                "S-10",
                "the log's id was %s, now it is %s",
                known,
                status.logId());
        logId = status.logId();
        require(
                !before.isAfter(status.watermark().position()),
                "G-08",
                "an append at %s was acknowledged, but the watermark is %s",
                before,
                status.watermark());
        boolean level = status.watermark().position().equals(status.watermark().head());
        require(
                status.watermark().isHeld()
                        != (level && status.watermark().reason().isEmpty()),
                "G-08",
                "a held watermark is below the head and has a reason, any other is neither: %s",
                status.watermark());
        return status;
    }

    @Override
    public Registration signal(Runnable listener) {
        AtomicBoolean open = new AtomicBoolean(true);
        Registration registration = call(
                "signal",
                () -> backend.signal(() -> {
                    if (open.get()) {
                        listener.run();
                    } else {
                        elsewhere.add(new BackendContractViolation(
                                "N-01", "a signal after its registration was closed", null));
                    }
                }));
        return () -> {
            registration.close();
            open.set(false);
        };
    }

    @Override
    public CellStore cells() {
        require(backend.cells() == cells.backend(), "K-01", "cells() returns another object than before");
        return cells;
    }

    @Override
    public BackendTraits traits() {
        require(backend.traits().equals(traits), "A-12", "the traits changed from %s to %s", traits, backend.traits());
        return traits;
    }

    @Override
    public void close() {
        try {
            backend.close();
        } catch (PolylogException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new BackendContractViolation("L-03", "close failed with " + e, e);
        }
        closed = true;
        BackendContractViolation seen = elsewhere.poll();
        if (seen != null) {
            throw seen;
        }
    }
}
