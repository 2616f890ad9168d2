package dev.polylog.internal.subscription;

import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.subscription.ParkedEvent;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a running subscription knows of its parked events. For one turn at a time; failures are those of the cells. */
final class ParkedEvents {

    private final @Nullable ParkedCells cells;
    private final TreeMap<Position, ParkedEvent> events = new TreeMap<>();
    private final TreeMap<Position, ParkedEvent> requested = new TreeMap<>();
    private final Map<StreamId, Integer> streams = new HashMap<>();

    /** Those of a durable subscription; with null, of one that cannot park. */
    ParkedEvents(@Nullable ParkedCells cells) {
        this.cells = cells;
    }

    void reload() {
        List<ParkedEvent> there = cells == null ? List.of() : cells.load();
        events.clear();
        requested.clear();
        streams.clear();
        there.forEach(this::remember);
    }

    private void remember(ParkedEvent event) {
        if (events.put(event.position(), event) == null) {
            streams.merge(event.stream(), 1, Integer::sum);
        }
        if (event.replayRequested()) {
            requested.put(event.position(), event);
        }
    }

    int count() {
        return events.size();
    }

    boolean contains(RecordedEvent event) {
        return events.containsKey(event.position());
    }

    /** Whether events of a stream must be parked because an earlier one is. */
    boolean blocks(StreamId stream) {
        return streams.containsKey(stream);
    }

    void add(RecordedEvent event, Instant now, String error) {
        ParkedEvent parked = new ParkedEvent(
                event.position(), event.stream(), event.version(), event.id(), now, ParkedPage.errorText(error), false);
        cells().add(parked);
        remember(parked);
    }

    boolean isReplayRequested() {
        return !requested.isEmpty();
    }

    /** The first event that somebody wants to be handled again. */
    Optional<ParkedEvent> nextRequested() {
        return requested.values().stream().findFirst();
    }

    void remove(ParkedEvent event) {
        cells().remove(Set.of(event.position()));
        requested.remove(event.position());
        if (events.remove(event.position()) != null) {
            streams.computeIfPresent(event.stream(), (stream, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Keeps an event whose replay has failed, and takes the requests for later ones of its stream back. */
    void keep(ParkedEvent failed, Instant now, String error) {
        String text = ParkedPage.errorText(error);
        cells().replaceEach(event -> {
            if (event.position().equals(failed.position())) {
                return with(event, now, text);
            }
            boolean later =
                    event.stream().equals(failed.stream()) && event.position().isAfter(failed.position());
            return later ? with(event, event.parkedAt(), event.error()) : event;
        });
        reload();
    }

    private ParkedCells cells() {
        return Objects.requireNonNull(cells, "only durable subscriptions park events");
    }

    private static ParkedEvent with(ParkedEvent event, Instant at, String error) {
        return new ParkedEvent(event.position(), event.stream(), event.version(), event.eventId(), at, error, false);
    }
}
