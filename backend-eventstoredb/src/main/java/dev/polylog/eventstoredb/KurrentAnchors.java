package dev.polylog.eventstoredb;

import dev.polylog.Position;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentFetch.Raw;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.RecordedEvent;
import java.util.List;

/**
 * Where a read begins. KurrentDB reads from positions that it gave itself and refuses any other; so a position that no
 * event has is replaced by its neighbours, which are looked for from the end. Thread-safe.
 */
final class KurrentAnchors {

    private static final int PAGE = 1_000;

    private final KurrentCalls calls;

    KurrentAnchors(KurrentCalls calls) {
        this.calls = calls;
    }

    /** Whether a position may be sent as it is. */
    static boolean isPlain(Position position) {
        return position.high() == position.low() && position.high() >= 0;
    }

    /** Whether the server refused a read because of where it was to begin. */
    static boolean isRefused(Failed e) {
        return e.reason() instanceof StatusRuntimeException status
                && (status.getStatus().getCode() == Status.Code.UNKNOWN
                        || status.getStatus().getCode() == Status.Code.INVALID_ARGUMENT)
                && String.valueOf(status.getStatus().getDescription()).contains("osition");
    }

    /**
     * The smallest position of any event that is not below this one; {@link Position#END} where there is none. What was
     * written after the look is beyond it.
     */
    Position atOrAfter(Position position) throws Failed {
        Position near = new Position(position.high(), position.high());
        if (near.equals(position) || near.isAfter(position) || !isPlain(near)) {
            return scan(position);
        }
        // Most often somebody asks for what follows, or precedes, just behind an event's own place.
        try {
            return calls
                    .readAll(
                            ReadAllOptions.get()
                                    .forwards()
                                    .fromPosition(sent(near))
                                    .maxCount(2),
                            Raw::new)
                    .page()
                    .events()
                    .stream()
                    .map(event -> KurrentEvents.position(event.getPosition()))
                    .filter(found -> !position.isAfter(found))
                    .findFirst()
                    .orElse(Position.END);
        } catch (Failed e) {
            if (isRefused(e)) {
                return scan(position);
            }
            throw e;
        }
    }

    static io.kurrent.dbclient.Position sent(Position position) {
        return new io.kurrent.dbclient.Position(position.high(), position.low());
    }

    private Position scan(Position position) throws Failed {
        Position neighbour = Position.END;
        ReadAllOptions options = ReadAllOptions.get().backwards().fromEnd();
        while (true) {
            List<RecordedEvent> events =
                    calls.readAll(options.maxCount(PAGE), Raw::new).page().events();
            for (RecordedEvent event : events) {
                Position found = KurrentEvents.position(event.getPosition());
                if (position.isAfter(found)) {
                    return neighbour;
                }
                neighbour = found;
            }
            if (events.size() < PAGE) {
                return neighbour;
            }
            options = ReadAllOptions.get()
                    .backwards()
                    .fromPosition(events.get(events.size() - 1).getPosition());
        }
    }
}
