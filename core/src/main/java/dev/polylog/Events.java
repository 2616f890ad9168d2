package dev.polylog;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The events of a read, fetched page by page while they are looked at.
 *
 * <p>Every call of {@link #iterator()} reads anew. Memory is in the order of one page, however many events there are
 * (rule R-05). Nothing needs to be closed: between pages no connection or transaction is held.
 *
 * <p>Immutable and thread-safe; an iterator belongs to one thread. A page that cannot be fetched throws
 * {@link StoreUnavailable} from the iterator; the same iterator may be asked again.
 */
@FunctionalInterface
public interface Events extends Iterable<RecordedEvent> {

    /**
     * Reads from the beginning.
     *
     * @return an iterator over the events, in the order of the read
     */
    @Override
    Iterator<RecordedEvent> iterator();

    /**
     * The events as a lazy sequential stream.
     *
     * @return a new stream
     */
    default Stream<RecordedEvent> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /**
     * All events at once; for reads that are known to be small.
     *
     * @return an unmodifiable list
     */
    default List<RecordedEvent> toList() {
        return stream().toList();
    }

    /**
     * The first event of the read.
     *
     * @return the event, or empty where the read finds none
     */
    default Optional<RecordedEvent> first() {
        Iterator<RecordedEvent> events = iterator();
        return events.hasNext() ? Optional.of(events.next()) : Optional.empty();
    }
}
