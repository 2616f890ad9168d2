package dev.polylog.servers.kurrentdb.log;

/** What the server makes of a proposal. Immutable and thread-safe. */
public sealed interface Verdict {

    /**
     * Written, or to be written.
     *
     * @param first the revision of the first event
     */
    record Write(long first) implements Verdict {}

    /**
     * All of it had been written before; nothing is written now, and the answer is that of the earlier write.
     *
     * @param last the revision of the last event of the earlier write, not the stream's present end
     */
    record Repeat(long last) implements Verdict {}

    /**
     * The expectation does not hold, or only a part had been written before.
     *
     * @param current the revision of the stream's last event, -1 where there is none
     */
    record WrongVersion(long current) implements Verdict {}

    /** The stream was ended for good, or is asked to exist and was deleted. */
    record Deleted() implements Verdict {}
}
