package dev.polylog.eventstoredb;

import dev.polylog.Position;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentFetch.Fetched;
import dev.polylog.eventstoredb.KurrentFetch.Raw;
import dev.polylog.spi.support.GroupCommit;
import dev.polylog.spi.support.GroupCommit.Result;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.ReadStreamOptions;
import io.kurrent.dbclient.RecordedEvent;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells which attempt wrote an event that surely stands in the log. Those who ask at the same time share one read: what
 * was written at the same time stands side by side.
 *
 * <p>Thread-safe. Blocking.
 */
final class KurrentWitness {

    private static final int MOST_AT_ONCE = 64;

    /** How many events of others may stand between those that are looked for. */
    private static final int STRANGERS = 64;

    private final KurrentCalls calls;
    private final GroupCommit<Place, String> looks;

    KurrentWitness(KurrentCalls calls) {
        this.calls = calls;
        // Nobody is waited for: one look is as quick as another, and those who wait have been appended already.
        this.looks =
                new GroupCommit<>((places, more) -> look(places), MOST_AT_ONCE, Integer.MAX_VALUE, calls.timeout());
    }

    /**
     * Where an event stands.
     *
     * @param stream its stream
     * @param revision its revision there
     * @param position its position, or that of the last event of its append
     * @param events how many events were appended with it
     */
    record Place(String stream, long revision, Position position, int events) {

        private boolean holds(RecordedEvent event) {
            return event.getRevision() == revision && event.getStreamId().equals(stream);
        }
    }

    /** The mark of the attempt that wrote the event; an empty text where it was none of ours, or is hidden by now. */
    String attempt(Place place) throws Failed {
        try {
            return looks.commit(place);
        } catch (Unseen e) {
            throw e.failure;
        }
    }

    private List<Result<String>> look(List<Place> places) {
        Map<Place, String> found = places.size() == 1 ? Map.of() : lookAtAll(places);
        return places.stream().map(place -> answer(place, found.get(place))).toList();
    }

    private Result<String> answer(Place place, @Nullable String found) {
        try {
            return new Result.Outcome<>(found == null ? lookAtOne(place) : found);
        } catch (Failed e) {
            return new Result.Failure<>(new Unseen(e));
        }
    }

    private String lookAtOne(Place place) throws Failed {
        ReadStreamOptions options = ReadStreamOptions.get()
                .backwards()
                .fromRevision(place.revision())
                .maxCount(1);
        return calls.readStream(place.stream(), options, Raw::new).page().events().stream()
                .filter(place::holds)
                .findFirst()
                .map(KurrentWitness::mark)
                .orElse("");
    }

    /** What it finds of them; nothing where the log cannot be read from there, so that each is looked at alone. */
    private Map<Place, String> lookAtAll(List<Place> places) {
        Place first = places.stream()
                .min(Comparator.comparing(Place::position))
                .orElseThrow(() -> new IllegalStateException("a group without members"));
        long most = places.stream().mapToLong(Place::events).sum() + STRANGERS;
        Map<Place, String> found = new HashMap<>();
        try {
            Fetched<Raw> read = calls.readAll(
                    ReadAllOptions.get()
                            .forwards()
                            .fromPosition(KurrentAnchors.sent(first.position()))
                            .maxCount(most),
                    () -> new Raw(event -> note(event, places, found) && found.size() == places.size()));
            return read.page().events().isEmpty() ? Map.of() : found;
        } catch (Failed e) {
            return Map.of();
        }
    }

    private static String mark(RecordedEvent event) {
        return Objects.requireNonNullElse(KurrentEvents.attempt(event), "");
    }

    private static boolean note(RecordedEvent event, List<Place> places, Map<Place, String> found) {
        for (Place place : places) {
            if (place.holds(event)) {
                found.put(place, mark(event));
                return true;
            }
        }
        return false;
    }

    /** Carries a failure past those who know nothing of it. */
    private static final class Unseen extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Failed failure;

        Unseen(Failed failure) {
            super(failure);
            this.failure = failure;
        }
    }
}
