package dev.polylog.internal;

import dev.polylog.Direction;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.util.List;

/** The pages of one stream. For one thread. */
final class StreamPages extends Pages {

    private final LogBackend backend;
    private final StreamId stream;
    private final Direction direction;
    private long from;
    private boolean last;

    StreamPages(LogBackend backend, StreamId stream, ReadOptions.OfStream options) {
        super(options.limit(), options.pageSize());
        this.backend = backend;
        this.stream = stream;
        this.direction = options.direction();
        this.from = options.from();
    }

    @Override
    List<RecordedEvent> fetch(int maxEvents) {
        StreamSlice slice = backend.readStream(new StreamRead(stream, direction, from, maxEvents, PAGE_BYTES));
        List<RecordedEvent> events = slice.events();
        last = slice.endOfStream() || events.isEmpty();
        if (!events.isEmpty()) {
            long reached = events.get(events.size() - 1).version();
            from = direction == Direction.FORWARDS ? reached + 1 : reached - 1;
        }
        return events;
    }

    @Override
    boolean wasLastPage() {
        return last;
    }
}
