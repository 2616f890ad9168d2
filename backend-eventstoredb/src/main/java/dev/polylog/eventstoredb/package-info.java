/**
 * The log in KurrentDB (EventStoreDB), for any number of processes.
 *
 * <p>Applications open it by URL or make a {@link dev.polylog.eventstoredb.KurrentBackend}. Its rooms: the configuration
 * (with the client's settings as a connection string gives them), the layout (names of our own streams, and how events
 * and metadata look to other clients), the clients (replaced when they die), the calls and the fetches that go over them,
 * the appender, the reader with its head and its anchors, the cells, the signal, and one place that says what a failure of
 * the client means.
 */
@NullMarked
package dev.polylog.eventstoredb;

import org.jspecify.annotations.NullMarked;
