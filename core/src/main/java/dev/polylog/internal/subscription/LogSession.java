package dev.polylog.internal.subscription;

import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.Scheduler;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.Registration;
import dev.polylog.subscription.Checkpoint;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's dealings with the store apart from reading pages: connecting with the comparison of rule S-10,
 * looking around once in a poll interval, and saving checkpoints. For one turn at a time, but for {@link #wantLook()}.
 */
final class LogSession {

    private final LogBackend backend;
    private final Scheduler scheduler;
    private final SubscriptionOptions options;
    private final Runnable onSignal;
    private final StatusBoard board;
    private final LogLookup lookup;
    private final Progress progress;
    private final ParkedEvents parked;
    private final @Nullable OwnedCheckpoint owned;
    private @Nullable Position headAtStart;
    private @Nullable Registration signal;
    private boolean begun;
    private boolean connected;
    private boolean held;
    private long lookAt;
    private volatile boolean lookWanted;

    LogSession(
            LogBackend backend,
            Scheduler scheduler,
            SubscriptionOptions options,
            StatusBoard board,
            Runnable onSignal) {
        this.backend = backend;
        this.scheduler = scheduler;
        this.options = options;
        this.onSignal = onSignal;
        this.board = board;
        this.lookup = new LogLookup(backend);
        this.progress = new Progress(options);
        String name = options.name();
        this.owned = name == null ? null : new OwnedCheckpoint(backend.cells(), name);
        this.parked = new ParkedEvents(name == null ? null : new ParkedCells(backend.cells(), name));
    }

    /** Notes the head for those who want only what follows it; without the store the head is taken once it is back. */
    void fixStart() {
        if (options.start() instanceof StartFrom.Head) {
            try {
                headAtStart = backend.status().watermark().position();
            } catch (StoreUnavailable e) {
                board.failed(State.DISCONNECTED, e);
            }
        }
    }

    /** Makes sure that the log is the expected one and this run the owner; does nothing while connected. */
    void connect() {
        if (connected) {
            return;
        }
        if (signal == null) {
            // First of all, so that no append falls between the first read and the signal.
            signal = backend.signal(onSignal);
        }
        if (begun) {
            lookup.requireFit(progress.checkpoint(), backend.status());
        } else {
            begin();
        }
        look();
        reloadParked();
        board.position(progress.position());
        board.behind(State.CATCHING_UP);
        board.overcome();
        connected = true;
    }

    private void begin() {
        if (owned == null) {
            progress.begin(startingPoint());
        } else {
            claim(owned);
        }
        begun = true;
    }

    private void claim(OwnedCheckpoint mine) {
        new NameRegistry(backend.cells()).add(String.valueOf(options.name()));
        do {
            Checkpoint checkpoint = mine.load().orElse(null);
            // The log is asked after the checkpoint was read: asked before, it might seem to end before it.
            progress.begin(checkpoint == null ? startingPoint() : checkpoint);
            lookup.requireFit(progress.checkpoint(), backend.status());
        } while (!mine.claim(progress.checkpoint()));
    }

    private Checkpoint startingPoint() {
        LogStatus status = backend.status();
        Position position = status.watermark().position();
        if (options.start() instanceof StartFrom.After after) {
            position = after.position();
        } else if (headAtStart != null) {
            position = headAtStart;
        }
        Checkpoint checkpoint = lookup.checkpointAt(position, status);
        LogLookup.requireSameLog(checkpoint, status);
        return checkpoint;
    }

    /** The store has failed; {@link #connect()} is due. */
    void disconnected() {
        connected = false;
    }

    boolean isConnected() {
        return connected;
    }

    /** Asks for a look as soon as possible. Thread-safe. */
    void wantLook() {
        lookWanted = true;
    }

    long nanosToLook(long now) {
        return lookWanted ? 0 : Math.max(0, lookAt - now);
    }

    /** Looks whether the log is the same, this run its name's owner, and somebody has changed the parked events. */
    void look() {
        lookWanted = false;
        LogStatus status = backend.status();
        LogLookup.requireSameLog(progress.checkpoint(), status);
        held = status.watermark().isHeld();
        board.head(status.watermark().head());
        if (owned != null) {
            owned.look();
            if (owned.hasRequests()) {
                reloadParked();
            }
        }
        lookAt = scheduler.nanoTime() + Durations.nanos(options.pollInterval());
    }

    private void reloadParked() {
        parked.reload();
        if (owned != null) {
            owned.serveRequests();
        }
        board.parked(parked.count());
    }

    ParkedEvents parked() {
        return parked;
    }

    /** Whether a slow writer holds back events that are taken. */
    boolean isHeld() {
        return held;
    }

    Position position() {
        return progress.position();
    }

    Optional<RecordedEvent> eventAt(Position position) {
        return lookup.eventAt(position);
    }

    void done(RecordedEvent event) {
        progress.done(event, scheduler.nanoTime());
        board.position(progress.position());
    }

    void reached(Position position) {
        progress.reached(position, scheduler.nanoTime());
        board.position(progress.position());
    }

    void park(RecordedEvent event, String error) {
        parked.add(event, scheduler.now(), error);
        board.parked(parked.count());
        progress.urge();
    }

    long nanosToSave(long now) {
        return progress.nanosToSave(now);
    }

    /** Saves the checkpoint if it is time, looking for its fingerprint first where no event is held in memory. */
    void saveIfDue(boolean nothingHeld) {
        if (progress.nanosToSave(scheduler.nanoTime()) > 0) {
            return;
        }
        if (nothingHeld) {
            refreshFingerprint();
        }
        save();
    }

    private void refreshFingerprint() {
        if (progress.isFingerprintBehind()) {
            lookup.laterFingerprint(progress.checkpoint()).ifPresent(progress::fingerprint);
        }
    }

    private void save() {
        if (owned != null) {
            owned.save(progress.checkpoint());
        }
        progress.saved();
    }

    /** Saves what is unsaved, if this run has ever been the owner; no event is held any more. */
    void saveAtEnd() {
        if (begun && progress.isDirty()) {
            refreshFingerprint();
            save();
        }
    }

    /** No signal comes any more. */
    void close() {
        if (signal != null) {
            signal.close();
        }
    }
}
