package dev.polylog.kafka;

import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in the partition.
 *
 * <p>Immutable by agreement: nobody changes the bytes. Thread-safe.
 *
 * @param offset where it lies
 * @param timestamp when the broker appended it, in milliseconds since 1970
 * @param value its bytes; null in a tombstone, which is none of ours
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied by nobody
record LogRecord(long offset, long timestamp, byte @Nullable [] value) {}
