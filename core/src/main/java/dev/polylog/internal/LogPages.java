package dev.polylog.internal;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import java.util.List;

/** The pages of everything. For one thread. */
final class LogPages extends Pages {

    private final LogBackend backend;
    private final Direction direction;
    private final Filter filter;
    private Position bound;
    private boolean last;

    LogPages(LogBackend backend, ReadOptions.OfAll options) {
        super(options.limit(), options.pageSize());
        this.backend = backend;
        this.direction = options.direction();
        this.filter = options.filter();
        this.bound = options.bound();
    }

    @Override
    List<RecordedEvent> fetch(int maxEvents) {
        if (direction == Direction.FORWARDS && bound.equals(Position.END)) {
            last = true;
            return List.of();
        }
        LogSlice slice = backend.readAll(new LogRead(direction, bound, filter, maxEvents, PAGE_BYTES));
        last = slice.atHead();
        bound = slice.lookedUpTo();
        return slice.events();
    }

    @Override
    boolean wasLastPage() {
        return last;
    }
}
