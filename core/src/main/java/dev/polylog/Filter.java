package dev.polylog;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which events a read of everything, or a subscription, is about (rule G-04).
 *
 * <p>The parts are combined by <em>and</em>, the members of a part by <em>or</em>; an empty part asks for nothing.
 *
 * <p>Immutable and thread-safe.
 *
 * @param categories the categories that are wanted; empty for all
 * @param prefix what the stream's name must begin with; empty for all
 * @param types the event types that are wanted; empty for all
 */
public record Filter(Set<String> categories, String prefix, Set<String> types) {

    private static final Filter ALL = new Filter(Set.of(), "", Set.of());

    /** Copies the sets. */
    public Filter {
        categories = Set.copyOf(categories);
        types = Set.copyOf(types);
        Objects.requireNonNull(prefix, "prefix");
    }

    /**
     * Every event.
     *
     * @return the filter that everything passes
     */
    public static Filter all() {
        return ALL;
    }

    /**
     * This filter, asking for these categories.
     *
     * @param wanted the categories, replacing what was asked for before
     * @return a new filter
     */
    public Filter categories(String... wanted) {
        return new Filter(Set.of(wanted), prefix, types);
    }

    /**
     * This filter, asking for streams whose name begins so.
     *
     * @param wanted the beginning of the name, compared exactly
     * @return a new filter
     */
    public Filter prefix(String wanted) {
        return new Filter(categories, wanted, types);
    }

    /**
     * This filter, asking for these event types.
     *
     * @param wanted the types, replacing what was asked for before
     * @return a new filter
     */
    public Filter types(String... wanted) {
        return new Filter(categories, prefix, Set.of(wanted));
    }

    /**
     * Whether every event passes.
     *
     * @return true if nothing is asked for
     */
    public boolean isAll() {
        return categories.isEmpty() && prefix.isEmpty() && types.isEmpty();
    }

    /**
     * Whether an event passes.
     *
     * @param stream the event's stream
     * @param type the event's type
     * @return true if every part of the filter is met
     */
    public boolean matches(StreamId stream, String type) {
        return (types.isEmpty() || types.contains(type))
                && stream.name().startsWith(prefix)
                && (categories.isEmpty() || categories.contains(stream.category()));
    }

    @Override
    public String toString() {
        return isAll()
                ? "all"
                : "categories=" + new TreeSet<>(categories) + " prefix=\"" + prefix + "\" types="
                        + new TreeSet<>(types);
    }
}
