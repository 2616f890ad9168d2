package dev.polylog.eventstoredb;

import dev.polylog.InvalidAppend;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentFailures.Meaning;
import dev.polylog.eventstoredb.KurrentFetch.Fetched;
import dev.polylog.eventstoredb.KurrentFetch.Raw;
import dev.polylog.spi.support.AppendRules.StreamView;
import io.kurrent.dbclient.ReadStreamOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of one append hold: read when asked for, remembered until the decision is made. Of a stream the tail is
 * read, as long as the append is, so that a repeat is seen there.
 *
 * <p>For one thread and one decision. A stream that was ended for good cannot be appended to: {@link InvalidAppend}.
 */
final class KurrentStreams implements StreamView {

    private final KurrentCalls calls;
    private final int tail;
    private final Map<StreamId, Tail> tails = new HashMap<>();

    /** The last events of a stream, in ascending order, and its version. */
    private record Tail(long version, List<RecordedEvent> events) {}

    KurrentStreams(KurrentCalls calls, int tail) {
        this.calls = calls;
        this.tail = tail;
    }

    @Override
    public long version(StreamId stream) {
        return tail(stream).version();
    }

    @Override
    public List<UUID> ids(StreamId stream, long firstVersion, int count) {
        return events(stream, firstVersion, count).stream()
                .map(RecordedEvent::id)
                .toList();
    }

    /** The position of an event, which must be there. */
    @Nullable
    Position position(StreamId stream, long version) {
        List<RecordedEvent> found = events(stream, version, 1);
        return found.isEmpty() ? null : found.get(0).position();
    }

    private List<RecordedEvent> events(StreamId stream, long firstVersion, int count) {
        Tail known = tail(stream);
        long last = Math.min(known.version(), firstVersion + count - 1);
        if (firstVersion > last) {
            return List.of();
        }
        long firstKnown = known.events().isEmpty()
                ? Long.MAX_VALUE
                : known.events().get(0).version();
        if (firstVersion >= firstKnown) {
            return known.events().stream()
                    .filter(event -> event.version() >= firstVersion && event.version() <= last)
                    .toList();
        }
        return read(
                        stream,
                        ReadStreamOptions.get()
                                .forwards()
                                .fromRevision(firstVersion - 1)
                                .maxCount(last - firstVersion + 1))
                .events();
    }

    private Tail tail(StreamId stream) {
        Tail known = tails.get(stream);
        if (known == null) {
            known = read(stream, ReadStreamOptions.get().backwards().fromEnd().maxCount(tail));
            tails.put(stream, known);
        }
        return known;
    }

    private Tail read(StreamId stream, ReadStreamOptions options) {
        try {
            Fetched<Raw> fetched = calls.readStream(stream.name(), options, Raw::new);
            KurrentMetadata.Reader metadata = new KurrentMetadata.Reader();
            List<RecordedEvent> events = new ArrayList<>(fetched.page().events().stream()
                    .map(event -> KurrentEvents.decode(event, metadata))
                    .toList());
            if (events.size() > 1 && events.get(0).version() > events.get(1).version()) {
                Collections.reverse(events);
            }
            return new Tail(fetched.last() + 1, events);
        } catch (Failed e) {
            if (e.meaning() == Meaning.MISSING) {
                return new Tail(0, List.of());
            }
            throw e.meaning() == Meaning.ENDED ? ended(stream) : calls.known("append", e);
        }
    }

    static InvalidAppend ended(StreamId stream) {
        return new InvalidAppend(List.of("the stream " + stream
                + " was ended for good (tombstoned) in KurrentDB, and can never be written again; use another name"));
    }
}
