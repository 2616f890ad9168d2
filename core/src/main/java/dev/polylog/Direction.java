package dev.polylog;

/** Which way a read goes. */
public enum Direction {
    /** From older to newer events. */
    FORWARDS,
    /** From newer to older events. */
    BACKWARDS
}
