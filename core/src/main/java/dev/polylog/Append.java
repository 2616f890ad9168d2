package dev.polylog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One atomic write of one or more streams, and what must hold for it: the general form of
 * {@link EventStore#append(StreamId, ExpectedVersion, List)}.
 *
 * <pre>{@code
 * store.append(Append.to(order, exactly(3), shipped)
 *         .and(stock, any(), reduced)
 *         .expecting(customer, streamExists()));
 * }</pre>
 *
 * <p>Several written streams (rule A-10) and expectations on streams that are not written (rule A-11) are powers that a
 * store may not have; its {@linkplain EventStore#traits() traits} say so, and it refuses what it cannot do. Nothing is
 * checked here: {@link EventStore#append(Append)} lists everything that is wrong at once (rule A-13).
 *
 * <p>Immutable and thread-safe.
 */
public final class Append {

    private final List<Part> parts;

    private Append(List<Part> parts) {
        this.parts = parts;
    }

    /**
     * An append to one stream.
     *
     * @param stream the stream to write
     * @param expected what its version must be
     * @param events the events, in order
     * @return the append
     */
    public static Append to(StreamId stream, ExpectedVersion expected, List<EventData> events) {
        return new Append(List.of(new Part(stream, expected, copy(events))));
    }

    /**
     * An append to one stream.
     *
     * @param stream the stream to write
     * @param expected what its version must be
     * @param events the events, in order
     * @return the append
     */
    public static Append to(StreamId stream, ExpectedVersion expected, EventData... events) {
        return to(stream, expected, Arrays.asList(events));
    }

    /**
     * This append, writing one more stream.
     *
     * @param stream a stream that is not yet part of the append
     * @param expected what its version must be
     * @param events the events, in order; they follow the ones given before in the global order
     * @return a new append
     */
    public Append and(StreamId stream, ExpectedVersion expected, List<EventData> events) {
        return plus(new Part(stream, expected, copy(events)));
    }

    /**
     * This append, writing one more stream.
     *
     * @param stream a stream that is not yet part of the append
     * @param expected what its version must be
     * @param events the events, in order; they follow the ones given before in the global order
     * @return a new append
     */
    public Append and(StreamId stream, ExpectedVersion expected, EventData... events) {
        return and(stream, expected, Arrays.asList(events));
    }

    /**
     * This append, on the condition that another stream, which it does not write, has a certain version.
     *
     * @param stream a stream that is not yet part of the append
     * @param expected what its version must be
     * @return a new append
     */
    public Append expecting(StreamId stream, ExpectedVersion expected) {
        return plus(new Part(stream, expected, null));
    }

    /** One that may hold null: what is wrong is told with everything else when the append is validated. */
    private static List<EventData> copy(List<EventData> events) {
        return events.size() == 1
                ? Collections.singletonList(events.get(0))
                : Collections.unmodifiableList(new ArrayList<>(events));
    }

    private Append plus(Part part) {
        List<Part> copy = new ArrayList<>(parts);
        copy.add(part);
        return new Append(Collections.unmodifiableList(copy));
    }

    /**
     * The parts in the order in which they were given.
     *
     * @return an unmodifiable list, never empty
     */
    public List<Part> parts() {
        return parts;
    }

    /**
     * One stream of an append.
     *
     * @param stream the stream
     * @param expected what its version must be
     * @param events the events to write, or null where the stream is only looked at
     */
    public record Part(
            StreamId stream,
            ExpectedVersion expected,
            @Nullable List<EventData> events) {}
}
