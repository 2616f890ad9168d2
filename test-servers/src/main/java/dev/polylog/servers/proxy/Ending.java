package dev.polylog.servers.proxy;

/** What a {@link Cut} does to a connection when its bytes have passed. */
public enum Ending {
    /** Both sides get a reset (RST) at once. */
    RESET,
    /** Both sides see the end of the stream (FIN); what they still send is thrown away. */
    CLOSE,
    /** The receiver of this direction sees the end of the stream; the other direction goes on. */
    HALF_CLOSE,
    /** Nothing more passes in this direction, and nobody is told; it goes on when a plan lets it. */
    BLACK_HOLE
}
