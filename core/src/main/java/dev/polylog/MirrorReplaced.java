package dev.polylog;

import org.jspecify.annotations.Nullable;

/**
 * Another mirror has taken a target over, so this one copies nothing any more; what it had copied stays, and nothing is
 * there twice.
 *
 * <p>Thrown by mirrors ({@code dev.polylog.spi.EventMirror}). Immutable and thread-safe.
 */
public final class MirrorReplaced extends PolylogException {

    private static final long serialVersionUID = 1L;

    /**
     * For mirrors.
     *
     * @param message which target
     * @param cause what the store's driver threw, or null
     */
    public MirrorReplaced(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
