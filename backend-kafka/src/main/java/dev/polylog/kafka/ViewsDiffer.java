package dev.polylog.kafka;

import java.util.UUID;

/**
 * Another process made something else of the same records: one of the two views is wrong, and nothing more may be read from
 * this one. Thrown by the rules; users meet a {@link dev.polylog.LogDiverged} instead.
 */
final class ViewsDiffer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ViewsDiffer(long offset, UUID writer) {
        super("the hash of all decisions below offset " + offset + " is another one than that of writer " + writer);
    }
}
