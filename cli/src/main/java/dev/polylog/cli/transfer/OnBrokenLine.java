package dev.polylog.cli.transfer;

/** What an import does at a line that is no event. */
public enum OnBrokenLine {
    /** It ends there; everything before the line is stored. */
    STOP,
    /** It reports the line and goes on. */
    SKIP
}
