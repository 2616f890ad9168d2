package dev.polylog;

/** A stream's version was not the expected one; nothing was written (rule A-03). */
public final class VersionConflict extends PolylogException {

    private static final long serialVersionUID = 1L;

    private final transient StreamId stream;
    private final transient ExpectedVersion expected;
    private final transient long actual;

    /**
     * Says which expectation did not hold.
     *
     * @param stream the stream whose version was not as expected
     * @param expected what was expected
     * @param actual the version that the stream had
     */
    public VersionConflict(StreamId stream, ExpectedVersion expected, long actual) {
        super(
                "stream " + stream + ": expected " + expected + ", but its version is " + actual
                        + "; nothing was written. Read the stream again and decide anew",
                null);
        this.stream = stream;
        this.expected = expected;
        this.actual = actual;
    }

    /**
     * The stream whose version was not as expected.
     *
     * @return the stream
     */
    public StreamId stream() {
        return stream;
    }

    /**
     * What was expected.
     *
     * @return the expectation that did not hold
     */
    public ExpectedVersion expected() {
        return expected;
    }

    /**
     * The version that the stream had at some moment during the call.
     *
     * @return the version, 0 where the stream has no events
     */
    public long actual() {
        return actual;
    }
}
