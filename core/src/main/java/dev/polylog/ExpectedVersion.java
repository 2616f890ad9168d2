package dev.polylog;

/**
 * What a stream's version must be for an append to happen (rule A-03).
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface ExpectedVersion {

    /**
     * The stream may have any version.
     *
     * @return the expectation that always holds
     */
    static ExpectedVersion any() {
        return Any.INSTANCE;
    }

    /**
     * The stream has no events.
     *
     * @return the expectation that the version is 0
     */
    static ExpectedVersion noStream() {
        return NoStream.INSTANCE;
    }

    /**
     * The stream has at least one event.
     *
     * @return the expectation that the version is at least 1
     */
    static ExpectedVersion streamExists() {
        return StreamExists.INSTANCE;
    }

    /**
     * The stream's last event has exactly this version; 0 equals {@link #noStream()}.
     *
     * @param version the version, 0 or greater
     * @return the expectation
     * @throws IllegalArgumentException if the version is negative
     */
    static ExpectedVersion exactly(long version) {
        return version == 0 ? NoStream.INSTANCE : new Exactly(version);
    }

    /**
     * Whether a stream of that version meets this expectation.
     *
     * @param actual the stream's version, 0 where it has no events
     * @return true if it holds
     */
    boolean holdsFor(long actual);

    /** The stream may have any version. */
    enum Any implements ExpectedVersion {
        /** The only value. */
        INSTANCE;

        @Override
        public boolean holdsFor(long actual) {
            return true;
        }

        @Override
        public String toString() {
            return "any";
        }
    }

    /** The stream has no events. */
    enum NoStream implements ExpectedVersion {
        /** The only value. */
        INSTANCE;

        @Override
        public boolean holdsFor(long actual) {
            return actual == 0;
        }

        @Override
        public String toString() {
            return "noStream";
        }
    }

    /** The stream has at least one event. */
    enum StreamExists implements ExpectedVersion {
        /** The only value. */
        INSTANCE;

        @Override
        public boolean holdsFor(long actual) {
            return actual > 0;
        }

        @Override
        public String toString() {
            return "streamExists";
        }
    }

    /**
     * The stream has exactly this version.
     *
     * @param version the version, 1 or greater
     */
    record Exactly(long version) implements ExpectedVersion {

        /** Rejects versions below 1: version 0 is {@link ExpectedVersion#noStream()}. */
        public Exactly {
            if (version < 1) {
                throw new IllegalArgumentException("expected version " + version
                        + ": a stream's version is 1 or greater; use noStream() for a stream without events");
            }
        }

        @Override
        public boolean holdsFor(long actual) {
            return actual == version;
        }

        @Override
        public String toString() {
            return "exactly(" + version + ")";
        }
    }
}
