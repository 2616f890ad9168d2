package dev.polylog;

/** How far and which way a read goes; the two kinds are {@link OfStream} and {@link OfAll}. */
public final class ReadOptions {

    /** The most events that a read fetches from the store at once, unless the options say otherwise. */
    public static final int DEFAULT_PAGE_SIZE = 500;

    private ReadOptions() {}

    /**
     * A read of one stream from its first event to its last; narrow it by the methods of {@link OfStream}.
     *
     * @return the options
     */
    public static OfStream stream() {
        return new OfStream(Direction.FORWARDS, 1, Long.MAX_VALUE, DEFAULT_PAGE_SIZE);
    }

    /**
     * A read of everything from the first event to the last; narrow it by the methods of {@link OfAll}.
     *
     * @return the options
     */
    public static OfAll all() {
        return new OfAll(Direction.FORWARDS, Position.START, Filter.all(), Long.MAX_VALUE, DEFAULT_PAGE_SIZE);
    }

    private static void check(long limit, int pageSize) {
        if (limit < 0) {
            throw new IllegalArgumentException("limit " + limit + ": expected 0 or more events");
        }
        if (pageSize < 1) {
            throw new IllegalArgumentException("page size " + pageSize + ": expected at least 1 event");
        }
    }

    /**
     * Options of {@link EventStore#readStream(StreamId, OfStream)} (rule R-01).
     *
     * <p>Immutable and thread-safe.
     *
     * @param direction which way
     * @param from the version to begin with, itself included; a backward read from beyond the end begins at the end
     * @param limit the most events to return
     * @param pageSize the most events to fetch from the store at once
     */
    public record OfStream(Direction direction, long from, long limit, int pageSize) {

        /** Rejects what makes no sense. */
        public OfStream {
            check(limit, pageSize);
            if (from < 0) {
                throw new IllegalArgumentException("from version " + from + ": expected 0 or more");
            }
        }

        /**
         * These options, reading from the last event to the first.
         *
         * @return new options that begin at the stream's end
         */
        public OfStream backwards() {
            return new OfStream(Direction.BACKWARDS, Long.MAX_VALUE, limit, pageSize);
        }

        /**
         * These options, beginning at a version.
         *
         * @param version the version of the first event to return
         * @return new options
         */
        public OfStream from(long version) {
            return new OfStream(direction, version, limit, pageSize);
        }

        /**
         * These options, ending after some events.
         *
         * @param events the most events to return
         * @return new options
         */
        public OfStream limit(long events) {
            return new OfStream(direction, from, events, pageSize);
        }

        /**
         * These options with another page size.
         *
         * @param events the most events to fetch from the store at once
         * @return new options
         */
        public OfStream pageSize(int events) {
            return new OfStream(direction, from, limit, events);
        }
    }

    /**
     * Options of {@link EventStore#readAll(OfAll)} (rule G-03).
     *
     * <p>Immutable and thread-safe.
     *
     * @param direction which way
     * @param bound where to begin, itself excluded: forwards the events after it, backwards the events before it
     * @param filter which events
     * @param limit the most events to return
     * @param pageSize the most events to fetch from the store at once
     */
    public record OfAll(Direction direction, Position bound, Filter filter, long limit, int pageSize) {

        /** Rejects what makes no sense. */
        public OfAll {
            check(limit, pageSize);
        }

        /**
         * These options, reading from the last event to the first.
         *
         * @return new options that begin at the head
         */
        public OfAll backwards() {
            return new OfAll(Direction.BACKWARDS, Position.END, filter, limit, pageSize);
        }

        /**
         * These options, reading forwards and beginning after a position.
         *
         * @param position the position, itself excluded
         * @return new options
         */
        public OfAll after(Position position) {
            return new OfAll(Direction.FORWARDS, position, filter, limit, pageSize);
        }

        /**
         * These options, reading backwards and beginning before a position.
         *
         * @param position the position, itself excluded
         * @return new options
         */
        public OfAll before(Position position) {
            return new OfAll(Direction.BACKWARDS, position, filter, limit, pageSize);
        }

        /**
         * These options for some events only.
         *
         * @param wanted which events
         * @return new options
         */
        public OfAll filter(Filter wanted) {
            return new OfAll(direction, bound, wanted, limit, pageSize);
        }

        /**
         * These options, ending after some events.
         *
         * @param events the most events to return
         * @return new options
         */
        public OfAll limit(long events) {
            return new OfAll(direction, bound, filter, events, pageSize);
        }

        /**
         * These options with another page size.
         *
         * @param events the most events to fetch from the store at once
         * @return new options
         */
        public OfAll pageSize(int events) {
            return new OfAll(direction, bound, filter, limit, events);
        }
    }
}
