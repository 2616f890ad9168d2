/**
 * What concurrent clients saw, and whether it can have been: a {@link dev.polylog.tck.history.History} records every call
 * with its moments and its answer, {@link dev.polylog.tck.history.RecordingBackend} does so for whatever goes through a
 * backend, and {@link dev.polylog.tck.history.HistoryChecker} compares the record with the log that is there in the end.
 * Processes hand over what they recorded in a {@link dev.polylog.tck.history.HistoryFile}.
 *
 * <p>The comparison is exact and takes O(n log n): the log itself says in which order the appends took effect, so nothing
 * has to be searched. The kit judges the raced rules by it, and the benchmark every number that it gives.
 */
@NullMarked
package dev.polylog.tck.history;

import org.jspecify.annotations.NullMarked;
