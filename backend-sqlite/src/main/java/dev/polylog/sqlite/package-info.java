/**
 * The embedded default: the log in one SQLite file, durable, nothing to install.
 *
 * <p>{@link dev.polylog.sqlite.SqliteBackend} wires the rooms and owns the connections. An append goes through
 * {@code SqliteAppender} into {@code SqliteWriter}, which merges what comes at the same time into one transaction on the
 * one writing connection of the process. Reads go through {@code SqliteReader} on a few connections of their own, each
 * page in a short transaction that sees one moment of the log. {@code SqliteSignal} tells listeners of growth, also when
 * another process wrote. {@code SqliteLayout} is how the log lies in the file, {@code SqliteFailures} what the errors of
 * SQLite mean.
 */
@NullMarked
package dev.polylog.sqlite;

import org.jspecify.annotations.NullMarked;
