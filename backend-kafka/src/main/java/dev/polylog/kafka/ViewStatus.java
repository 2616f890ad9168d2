package dev.polylog.kafka;

/**
 * How a process's view stands: for monitoring, and to compare processes.
 *
 * <p>Immutable and thread-safe.
 *
 * @param folder where the view lies
 * @param nextOffset the offset of the first record that is not in it
 * @param refusedRecords how many records of the topic were none of this log, or broken, and had no effect
 * @param hash the hash of all decisions below {@code nextOffset}: equal in all processes that stand there
 */
public record ViewStatus(String folder, long nextOffset, long refusedRecords, long hash) {}
