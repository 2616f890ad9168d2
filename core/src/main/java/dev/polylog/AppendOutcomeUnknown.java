package dev.polylog;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The store cannot tell whether an append took effect (rule A-05).
 *
 * <p>{@link #resolve()} finds out; its answer never changes. Instead of asking, the caller may repeat the append with
 * the same events: it is in the stream exactly once afterwards (rule I-05).
 *
 * <p>Thread-safe.
 */
public final class AppendOutcomeUnknown extends PolylogException {

    private static final long serialVersionUID = 1L;

    private final transient List<UUID> eventIds;
    private final transient Resolver resolver;
    private transient @Nullable Answer answer;

    private record Answer(Optional<AppendResult> result) {}

    /**
     * Says which append is in doubt.
     *
     * @param eventIds the ids of the append's events, in order
     * @param reason what happened, for people
     * @param cause what the store's driver threw, or null
     * @param resolver how to find out
     */
    public AppendOutcomeUnknown(List<UUID> eventIds, String reason, @Nullable Throwable cause, Resolver resolver) {
        super(
                "it is not known whether the append of " + eventIds.size() + " event(s) beginning with "
                        + eventIds.get(0) + " took effect: " + reason
                        + ". Call resolve(), or repeat the append with the same events",
                cause);
        this.eventIds = List.copyOf(eventIds);
        this.resolver = Objects.requireNonNull(resolver, "resolver");
    }

    /**
     * The ids of the append's events.
     *
     * @return the ids, in order
     */
    public List<UUID> eventIds() {
        return eventIds;
    }

    /**
     * Finds out what became of the append. Once this has answered, the answer stays: an append that was not written is
     * not written later.
     *
     * @return the append's result where it took effect, empty where it did not
     * @throws StoreUnavailable if the store cannot be asked now; ask again later
     */
    public synchronized Optional<AppendResult> resolve() {
        Answer known = answer;
        if (known == null) {
            known = new Answer(resolver.resolve());
            answer = known;
        }
        return known.result();
    }

    /** How a backend finds out what became of an append: it fences a late attempt first, then looks. */
    @FunctionalInterface
    public interface Resolver {

        /**
         * Finds out.
         *
         * @return the append's result where it took effect, empty where it did not and never will
         * @throws StoreUnavailable if the store cannot be asked now
         */
        Optional<AppendResult> resolve();
    }
}
