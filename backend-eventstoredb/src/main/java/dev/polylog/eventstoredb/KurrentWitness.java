package dev.polylog.eventstoredb;

import dev.polylog.Position;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentEchoes.Echo;
import dev.polylog.eventstoredb.KurrentEchoes.Spot;
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
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells which attempt wrote an event that surely stands in the log: from what {@link KurrentEchoes} has heard, else by
 * reading. Those who read at the same time share one read: what was written at the same time stands side by side.
 *
 * <p>Thread-safe. Blocking.
 */
final class KurrentWitness {

    private static final int MOST_AT_ONCE = 64;

    /** How many events of others may stand between those that are looked for. */
    private static final int STRANGERS = 64;

    private final KurrentCalls calls;
    private final KurrentEchoes echoes;
    private final GroupCommit<Place, String> looks;

    KurrentWitness(KurrentCalls calls, KurrentEchoes echoes) {
        this.calls = calls;
        this.echoes = echoes;
        // Nobody is waited for: one look is as quick as another, and those who wait have been appended already.
        this.looks =
                new GroupCommit<>((places, more) -> look(places), MOST_AT_ONCE, Integer.MAX_VALUE, calls.timeout());
    }

    /**
     * Where an event stands.
     *
     * @param position its position, or that of the last event of its append
     * @param events how many events were appended with it
     */
    private record Place(Spot spot, Position position, int events) {

        private boolean holds(RecordedEvent event) {
            return event.getRevision() == spot.revision() && event.getStreamId().equals(spot.stream());
        }
    }

    /**
     * Begins to listen for an event that is about to be written.
     *
     * @param events how many events are appended with it
     * @param known a position of the log that is taken already
     */
    Testimony of(Spot spot, int events, Position known) {
        return new Testimony(spot, echoes.expect(spot, events, known));
    }

    /** What is said of one event. Thread-safe. */
    final class Testimony {

        private final Spot spot;
        private final @Nullable CompletableFuture<Echo> expected;

        private Testimony(Spot spot, @Nullable CompletableFuture<Echo> expected) {
            this.spot = spot;
            this.expected = expected;
        }

        /** Tells where it stands if it is heard of before anybody asks, and was written by this attempt. */
        void whenWritten(String attempt, Consumer<Position> told) {
            if (expected != null) {
                var unused = expected.thenAccept(echo -> {
                    if (echo.mark().equals(attempt)) {
                        told.accept(echo.position());
                    }
                });
            }
        }

        /**
         * The mark of the attempt that wrote it, now that it surely is there; an empty text where it was none of ours, or
         * is hidden by now.
         *
         * @param stands where it stands in its stream: elsewhere than expected, if the stream was deleted before
         * @param position where it stands, or the last event of its append
         * @param events how many events were appended with it
         */
        String attempt(Spot stands, Position position, int events) throws Failed {
            Echo echo = expected == null || !stands.equals(spot) ? null : echoes.await(expected, position);
            return echo == null ? read(new Place(stands, position, events)) : echo.mark();
        }
    }

    private String read(Place place) throws Failed {
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
                .fromRevision(place.spot().revision())
                .maxCount(1);
        return calls.readStream(place.spot().stream(), options, Raw::new).page().events().stream()
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
