package dev.polylog.tck.report;

/**
 * One row of the specification.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id chapter and number: {@code A-03}
 * @param text the sentence with its one MUST
 * @param why the intent
 * @param tier how it is judged: {@code required}, {@code raced}, {@code declared} or {@code argued}
 */
public record Rule(String id, String text, String why, String tier) {

    /**
     * The chapter that the rule belongs to.
     *
     * @return its letter
     */
    public String chapter() {
        return id.substring(0, 1);
    }
}
