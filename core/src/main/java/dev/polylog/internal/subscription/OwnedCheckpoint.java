package dev.polylog.internal.subscription;

import dev.polylog.LogDiverged;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.CellStore.SetOutcome;
import dev.polylog.subscription.Checkpoint;
import dev.polylog.subscription.SubscriptionTakenOver;
import java.util.Optional;
import java.util.UUID;

/**
 * The checkpoint cell of a durable subscription, as one run sees it (rule S-04).
 *
 * <p>A run claims the cell by writing its token into it; whoever claims later is the owner from then on, and the former
 * owner notices at its next save or look, and never writes again. For one turn at a time; failures are those of the
 * cells.
 */
final class OwnedCheckpoint {

    private final CellStore cells;
    private final String name;
    private final String owner = UUID.randomUUID().toString();
    private long revision;
    private long requests;
    private long requestsServed;
    private boolean mine;

    OwnedCheckpoint(CellStore cells, String name) {
        this.cells = cells;
        this.name = name;
    }

    /** Reads what the last run has left, before {@link #claim(Checkpoint)}. */
    Optional<Checkpoint> load() {
        Optional<CheckpointCell> there = read();
        mine = there.isPresent() && there.get().owner().equals(owner);
        return there.map(CheckpointCell::checkpoint);
    }

    private Optional<CheckpointCell> read() {
        Optional<Cell> cell = cells.get(CellNames.checkpoint(name));
        Optional<CheckpointCell> there = cell.map(c -> CheckpointCell.decode(name, c));
        revision = cell.map(Cell::revision).orElse(0L);
        requests = there.map(CheckpointCell::requests).orElse(0L);
        return there;
    }

    /** Becomes the owner; false if the cell has changed since {@link #load()}, which then must be called again. */
    boolean claim(Checkpoint checkpoint) {
        // A claim whose outcome was unknown may have succeeded.
        return mine || set(checkpoint);
    }

    /**
     * Saves a checkpoint as the owner.
     *
     * @throws SubscriptionTakenOver if another run is the owner now
     */
    void save(Checkpoint checkpoint) {
        while (!set(checkpoint)) {
            look();
        }
    }

    private boolean set(Checkpoint checkpoint) {
        SetOutcome outcome = cells.compareAndSet(
                CellNames.checkpoint(name), revision, new CheckpointCell(owner, requests, checkpoint).encode());
        if (outcome instanceof SetOutcome.Done done) {
            revision = done.revision();
            return true;
        }
        return false;
    }

    /**
     * Sees whether this run is still the owner, and whether somebody wants it to look at the parked events.
     *
     * @throws SubscriptionTakenOver if another run is the owner now
     */
    void look() {
        CheckpointCell there = read().orElseThrow(() -> new LogDiverged("the checkpoint of subscription " + name
                + " is gone from the store while it runs; the store was replaced or restored"));
        if (!there.owner().equals(owner)) {
            throw new SubscriptionTakenOver("subscription " + name + " was taken over by another run of the same name;"
                    + " this one has stopped. Run it once at a time, or under two names");
        }
    }

    /** Whether somebody wants the parked events to be looked at. */
    boolean hasRequests() {
        return requests != requestsServed;
    }

    /** Notes the requests that the reading of parked events, which follows, will serve. */
    void serveRequests() {
        requestsServed = requests;
    }
}
