package dev.polylog.tck.report;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which rules a store is judged by: all of them, whole chapters, or single ones.
 *
 * <p>Immutable and thread-safe.
 *
 * @param ids rules such as {@code A-03} and chapters such as {@code A}; empty for everything
 */
public record RuleChoice(List<String> ids) {

    /** Every rule. */
    public static final RuleChoice ALL = new RuleChoice(List.of());

    /**
     * Looks the names up in the specification.
     *
     * @throws IllegalArgumentException if there is no such rule or chapter, or the rule is argued and not judged by checks
     */
    public RuleChoice {
        ids = ids.stream().map(id -> id.toUpperCase(Locale.ROOT)).toList();
        if (!ids.isEmpty()) {
            Specification specification = Specification.load();
            Collection<String> known = new TreeSet<>();
            specification.chapters().forEach(chapter -> {
                known.add(chapter.letter());
                chapter.rules().stream()
                        .filter(rule -> !rule.tiers().equals(Set.of("argued")))
                        .forEach(rule -> known.add(rule.id()));
            });
            String unknown =
                    ids.stream().filter(id -> !known.contains(id)).distinct().collect(Collectors.joining(", "));
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException("no rule that checks judge: " + unknown
                        + "; expected a rule such as A-03 or a chapter, which are "
                        + specification.chapters().stream()
                                .map(chapter -> chapter.letter() + " (" + chapter.title() + ")")
                                .collect(Collectors.joining(", ")));
            }
        }
    }

    /**
     * Whether a rule is among them.
     *
     * @param rule the rule's id
     * @return true if a store is to be judged by it
     */
    public boolean contains(String rule) {
        return ids.isEmpty() || ids.contains(rule) || ids.contains(rule.substring(0, 1));
    }
}
