/**
 * Whole logs in and out of a store, and the check of what a store holds.
 *
 * <p>An import runs so: {@link dev.polylog.cli.transfer.ImportFile} opens the file and cuts it into lines,
 * {@code ImportLines} reads them ahead on a thread of its own, {@link dev.polylog.cli.transfer.Importer} first walks
 * along the log for as long as it says what the file says, then gathers what follows into appends ({@code Batch}), which
 * {@code BatchWriter} writes one after the other, each to be found again by its exact expectations. Event ids that
 * occur twice in a stream are noticed on every store, by a filter of 16 MiB ({@code SeenEvents}) that says when to look
 * closer. Memory is bounded by the number of streams (their names and versions are held, some 150 bytes each) and not by
 * the number of events.
 */
@NullMarked
package dev.polylog.cli.transfer;

import org.jspecify.annotations.NullMarked;
