package dev.polylog.spi;

import dev.polylog.Watermark;
import java.util.Objects;

/**
 * Which log this is and how far it can be seen.
 *
 * <p>Immutable and thread-safe.
 *
 * @param logId the log's identity, made with it and never changed
 * @param epoch changes when the log may have lost its tail: failover, restore, truncation
 * @param watermark how far reads of everything can see
 */
public record LogStatus(String logId, String epoch, Watermark watermark) {

    /** Rejects null components. */
    public LogStatus {
        Objects.requireNonNull(logId, "logId");
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(watermark, "watermark");
    }
}
