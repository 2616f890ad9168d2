package dev.polylog.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * What a backend promises beyond the rules that all keep, and where its limits are. The kit checks every trait: a power
 * that is declared must work, one that is not must be refused.
 *
 * <p>Immutable and thread-safe.
 *
 * @param backend the backend's name, for people and reports: {@code sqlite}
 * @param durability what an acknowledged event survives (rule A-16)
 * @param limits the sizes beyond which an append is refused (rule A-12)
 * @param unwrittenExpectations whether an append may carry expectations on streams that it does not write (rule A-11)
 * @param multiStreamReads whether reads of single streams, too, never show a part of an append to several streams: what
 *     a reader has seen of it in one stream, a later read of another stream shows as well (rule A-01)
 * @param repeatWindow how long a repeat is recognised without an exact expectation (rule I-02)
 * @param duplicateDetection where events that are there already are noticed (rule I-03)
 * @param signalBound the longest time from an acknowledgement to the delivery to a live subscription of another process
 *     (rule N-02)
 * @param holdBound the longest time for which a dead writer holds the watermark; zero where none ever does (rule G-08)
 * @param closeBound the longest time that {@link LogBackend#close()} takes (rule L-03)
 */
public record BackendTraits(
        String backend,
        Durability durability,
        Limits limits,
        boolean unwrittenExpectations,
        boolean multiStreamReads,
        RepeatWindow repeatWindow,
        DuplicateDetection duplicateDetection,
        Duration signalBound,
        Duration holdBound,
        Duration closeBound) {

    /** Rejects null components. */
    public BackendTraits {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(durability, "durability");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(repeatWindow, "repeatWindow");
        Objects.requireNonNull(duplicateDetection, "duplicateDetection");
        Objects.requireNonNull(signalBound, "signalBound");
        Objects.requireNonNull(holdBound, "holdBound");
        Objects.requireNonNull(closeBound, "closeBound");
    }

    /**
     * Whether one append may write several streams (rule A-10).
     *
     * @return true if the limit is above one stream
     */
    public boolean multiStreamAppend() {
        return limits.maxStreamsPerAppend() > 1;
    }

    /** What an acknowledged event survives. */
    public enum Durability {
        /** Nothing: it is gone with the process. */
        VOLATILE,
        /** The loss of power on its machine. */
        LOCAL,
        /** The loss of a machine. */
        REPLICATED
    }

    /** How long a repeat with the expectation {@code any} or {@code streamExists} is recognised. */
    public enum RepeatWindow {
        /** Until something else is appended to one of its streams. */
        UNTIL_NEXT_APPEND,
        /** For ever. */
        UNBOUNDED
    }

    /** Where events that are in a stream already, but in no exact repeat, are noticed. */
    public enum DuplicateDetection {
        /** At the versions that an append with {@code exactly} or {@code noStream} would have written. */
        EXPECTED_VERSIONS,
        /** Anywhere in the stream, whatever the expectation. */
        WHOLE_STREAM
    }

    /**
     * The sizes beyond which an append is refused before anything is written (rule A-12).
     *
     * @param maxEventsPerAppend events in one append, over all its streams; at least {@value #LEAST_EVENTS}
     * @param maxStreamsPerAppend streams that one append may write or look at; 1 where the power is missing
     * @param maxPayloadBytes payload bytes of one event; at least {@value #LEAST_PAYLOAD_BYTES}
     * @param maxMetadataBytes bytes of one event's metadata in JSON form
     * @param maxAppendBytes payload and metadata bytes of one append
     */
    public record Limits(
            int maxEventsPerAppend,
            int maxStreamsPerAppend,
            int maxPayloadBytes,
            int maxMetadataBytes,
            long maxAppendBytes) {

        /** Every backend takes at least this many events in an append. */
        public static final int LEAST_EVENTS = 50;

        /** Every backend takes at least this many payload bytes in an event. */
        public static final int LEAST_PAYLOAD_BYTES = 250_000;

        /** Rejects limits below what every backend must take. */
        public Limits {
            if (maxEventsPerAppend < LEAST_EVENTS
                    || maxPayloadBytes < LEAST_PAYLOAD_BYTES
                    || maxStreamsPerAppend < 1
                    || maxMetadataBytes < 1
                    || maxAppendBytes < maxPayloadBytes) {
                throw new IllegalArgumentException("limits below what every store must take: " + maxEventsPerAppend
                        + " events, " + maxStreamsPerAppend + " streams, " + maxPayloadBytes + " payload bytes, "
                        + maxMetadataBytes + " metadata bytes, " + maxAppendBytes + " bytes an append");
            }
        }
    }
}
