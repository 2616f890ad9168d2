/**
 * The data of the protocol server: a log of records, the streams in it, and the rules that decide an append. Knows
 * nothing of the network.
 *
 * <p>A write comes as a {@link dev.polylog.servers.kurrentdb.log.Proposal}, is judged by
 * {@link dev.polylog.servers.kurrentdb.log.CommitCheck} and becomes
 * {@link dev.polylog.servers.kurrentdb.log.LogRecord}s in the {@link dev.polylog.servers.kurrentdb.log.Database},
 * which shows them once they are durable.
 */
@NullMarked
package dev.polylog.servers.kurrentdb.log;

import org.jspecify.annotations.NullMarked;
