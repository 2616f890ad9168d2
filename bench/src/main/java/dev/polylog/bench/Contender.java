package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.StreamId;
import java.util.List;

/**
 * Something that takes part in the comparison: a store, or a raw baseline.
 *
 * <p>{@link BaselineProvider}s implement it; {@link Bench} calls it. Thread-safe. Failures are exceptions of any kind;
 * they are counted and the first one is shown.
 */
public interface Contender extends AutoCloseable {

    /**
     * What it is, for the report.
     *
     * @return for example {@code plain JDBC, one shared connection}
     */
    String description();

    /**
     * Whether it works on the store's own log, where a server has room for one only; then it reads what the store wrote.
     *
     * @return false where it has data of its own, as most have
     */
    default boolean sharesLog() {
        return false;
    }

    /**
     * A new client, for one thread.
     *
     * @return the session
     * @throws Exception if none can be opened
     */
    Session session() throws Exception;

    /**
     * Frees everything, and removes what it made for itself.
     *
     * @throws Exception if that fails
     */
    @Override
    void close() throws Exception;

    /** One client of a contender. For one thread. */
    interface Session extends AutoCloseable {

        /**
         * Appends events to a stream in one transaction, durably.
         *
         * @param stream the stream
         * @param version the version that it must have
         * @param events the events
         * @return false if it had another version and nothing was written
         * @throws Exception if it fails in another way
         */
        boolean append(StreamId stream, long version, List<EventData> events) throws Exception;

        /**
         * A stream's version.
         *
         * @param stream the stream
         * @return the version, 0 where it has no events
         * @throws Exception if it cannot be read
         */
        long version(StreamId stream) throws Exception;

        /**
         * Reads a stream from its first event to its last, with all columns.
         *
         * @param stream the stream
         * @return how many events it has
         * @throws Exception if it cannot be read, or is not in order
         */
        long readStream(StreamId stream) throws Exception;

        /**
         * The place in the log behind the last event.
         *
         * @return a mark for {@link #readAll(Object)}
         * @throws Exception if it cannot be read
         */
        Object mark() throws Exception;

        /**
         * Reads everything behind a mark, with all columns.
         *
         * @param mark a mark of this contender
         * @return how many events there are
         * @throws Exception if it cannot be read, or is not in order
         */
        long readAll(Object mark) throws Exception;

        @Override
        void close() throws Exception;
    }
}
