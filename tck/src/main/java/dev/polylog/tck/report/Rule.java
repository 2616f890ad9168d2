package dev.polylog.tck.report;

import java.util.Set;

/**
 * One row of the specification.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id chapter and number: {@code A-03}
 * @param text the sentence with its one MUST
 * @param why the intent
 * @param tier how it is judged: {@code required}, {@code raced}, {@code declared} or {@code argued}, or one of the
 *     first and third together with the second: {@code required + raced}
 */
public record Rule(String id, String text, String why, String tier) {

    /**
     * The tiers one by one.
     *
     * @return one or two
     */
    public Set<String> tiers() {
        return Set.of(tier.split(" \\+ "));
    }

    /**
     * The chapter that the rule belongs to.
     *
     * @return its letter
     */
    public String chapter() {
        return id.substring(0, 1);
    }
}
