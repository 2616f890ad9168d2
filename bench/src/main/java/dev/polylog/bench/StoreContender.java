package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.VersionConflict;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.LogBackend;
import dev.polylog.tck.history.History;
import dev.polylog.tck.history.HistoryChecker;
import dev.polylog.tck.history.RecordingBackend;
import dev.polylog.tck.history.Violation;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store under measurement: everything that appends and contends is recorded and judged; reads are checked as they go.
 *
 * <p>Thread-safe, but for {@link #begin()} and {@link #judge()}, which belong to the driver's thread.
 */
final class StoreContender implements Contender {

    private static final int PAGE = 1_000;

    private final String url;
    private final LogBackend backend;
    private final AtomicInteger clients = new AtomicInteger();
    private volatile History history;

    StoreContender(String url, LogBackend backend) {
        this.url = url;
        this.backend = backend;
        this.history = newHistory();
    }

    private History newHistory() {
        return new History(backend.status().watermark().head());
    }

    @Override
    public String description() {
        return url;
    }

    BackendTraits traits() {
        return backend.traits();
    }

    /** Begins a new record. */
    void begin() {
        history = newHistory();
    }

    /** What the record since {@link #begin()} broke. */
    List<String> judge() {
        return new HistoryChecker(traits())
                .check(history, backend).stream().map(Violation::toString).toList();
    }

    /** A store whose calls are recorded; closing it leaves the backend open. */
    EventStore recorded() {
        return EventStore.over(new RecordingBackend(backend, history, "client " + clients.incrementAndGet()));
    }

    /** The store itself, for reads whose results are checked at once. */
    EventStore plain() {
        return EventStore.over(backend);
    }

    @Override
    public Session session() {
        return new StoreSession(recorded(), plain());
    }

    @Override
    public void close() {
        backend.close();
    }

    /** Writes are recorded; reads of much are checked instead. */
    private record StoreSession(EventStore recorded, EventStore plain) implements Session {

        @Override
        public boolean append(StreamId stream, long version, List<EventData> events) {
            try {
                recorded.append(stream, ExpectedVersion.exactly(version), events);
                return true;
            } catch (VersionConflict e) {
                return false;
            }
        }

        @Override
        public long version(StreamId stream) {
            return recorded.version(stream);
        }

        @Override
        public long readStream(StreamId stream) {
            long count = 0;
            for (RecordedEvent event : plain.readStream(stream)) {
                count++;
                if (event.version() != count || !event.stream().equals(stream)) {
                    throw new IllegalStateException("R-01: version " + event.version() + " of " + event.stream()
                            + " where version " + count + " of " + stream + " follows");
                }
            }
            return count;
        }

        @Override
        public Object mark() {
            return plain.watermark().head();
        }

        @Override
        public long readAll(Object mark) {
            long count = 0;
            Position last = (Position) mark;
            for (RecordedEvent event :
                    plain.readAll(ReadOptions.all().after(last).pageSize(PAGE))) {
                count++;
                if (!event.position().isAfter(last)) {
                    throw new IllegalStateException("G-01: position " + event.position() + " follows " + last);
                }
                last = event.position();
            }
            return count;
        }

        /** Closes nothing: the backend is shared. */
        @Override
        public void close() {}
    }
}
