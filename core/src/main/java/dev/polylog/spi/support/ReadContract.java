package dev.polylog.spi.support;

import static dev.polylog.spi.support.BackendContractViolation.require;

import dev.polylog.Direction;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.util.List;

/** What reads may answer. Thread-safe. */
final class ReadContract {

    private final HandleMemory memory;

    ReadContract(HandleMemory memory) {
        this.memory = memory;
    }

    StreamSlice check(StreamRead read, long known, StreamSlice slice) {
        List<RecordedEvent> events = slice.events();
        bounded("R-02", events, read.maxEvents(), read.maxBytes());
        require(
                slice.streamVersion() >= known,
                "R-04",
                "stream %s has version %d, but was known to have %d",
                read.stream(),
                slice.streamVersion(),
                known);
        boolean forwards = read.direction() == Direction.FORWARDS;
        long next = forwards ? Math.max(1, read.from()) : Math.min(read.from(), slice.streamVersion());
        Position before = forwards ? Position.START : Position.END;
        for (RecordedEvent event : events) {
            require(event.stream().equals(read.stream()), "R-01", "%s is of another stream than %s", event, read);
            require(event.version() == next, "R-01", "%s stands where version %d belongs", event, next);
            ordered("G-01", forwards, before, event);
            before = event.position();
            next += forwards ? 1 : -1;
        }
        boolean end = forwards ? next > slice.streamVersion() : next < 1;
        require(
                slice.endOfStream() == end,
                "R-02",
                "the page before %d says end=%s: %s",
                next,
                slice.endOfStream(),
                read);
        require(end || !events.isEmpty(), "R-02", "a page is empty, but not the last: %s", read);
        memory.version(read.stream(), slice.streamVersion());
        return slice;
    }

    LogSlice check(LogRead read, Position acknowledged, LogSlice slice) {
        List<RecordedEvent> events = slice.events();
        bounded("G-05", events, read.maxEvents(), read.maxBytes());
        boolean forwards = read.direction() == Direction.FORWARDS;
        Position before = read.bound();
        for (RecordedEvent event : events) {
            ordered(before.equals(read.bound()) ? "G-03" : "G-01", forwards, before, event);
            require(
                    read.filter().matches(event.stream(), event.type()),
                    "G-04",
                    "%s does not pass %s",
                    event,
                    read.filter());
            before = event.position();
        }
        Position upTo = slice.lookedUpTo();
        require(
                forwards ? !before.isAfter(upTo) : !upTo.isAfter(before),
                "G-05",
                "looked up to %s, but the page reaches %s",
                upTo,
                before);
        require(
                slice.atHead() || !upTo.equals(read.bound()),
                "G-05",
                "a page is not the last, but got no further: %s",
                read);
        require(
                !forwards || !slice.atHead() || !acknowledged.isAfter(upTo),
                read.filter().isAll() ? "G-06" : "G-05",
                "the last page looked up to %s, but an append at %s was acknowledged before",
                upTo,
                acknowledged);
        return slice;
    }

    private static void ordered(String rule, boolean forwards, Position before, RecordedEvent event) {
        require(
                forwards ? event.position().isAfter(before) : before.isAfter(event.position()),
                rule,
                "%s comes %s %s",
                event,
                forwards ? "after" : "before",
                before);
    }

    private static void bounded(String rule, List<RecordedEvent> events, int maxEvents, long maxBytes) {
        require(events.size() <= maxEvents, rule, "%d events, asked for at most %d", events.size(), maxEvents);
        long bytes = 0;
        for (RecordedEvent event : events) {
            require(bytes < maxBytes, rule, "the page goes on after %d bytes, asked for at most %d", bytes, maxBytes);
            bytes += EventSizes.of(event);
        }
    }
}
