package dev.polylog.spi;

import dev.polylog.Position;
import java.util.Objects;

/**
 * What a {@link StoreRepairer} found: how the log is afterwards.
 *
 * <p>Immutable and thread-safe.
 *
 * @param head the position of the last event that is whole, as everything before it is
 * @param removed how many stored parts go: of broken appends, and of what lies behind them
 * @param epoch the epoch afterwards
 */
public record RepairReport(Position head, long removed, String epoch) {

    /** Refuses null and negative numbers. */
    public RepairReport {
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(epoch, "epoch");
        if (removed < 0) {
            throw new IllegalArgumentException("removed " + removed + ": expected 0 or more");
        }
    }
}
