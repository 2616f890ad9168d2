/**
 * What applications touch: {@link dev.polylog.EventStore} and the values that go in and come out of it.
 *
 * <p>Start at {@link dev.polylog.EventStore#open(String)}. Everything else in this package is an immutable value (a
 * record or a small final class) or an exception below {@link dev.polylog.PolylogException}. An application writes
 * {@link dev.polylog.EventData} to a {@link dev.polylog.StreamId} under an {@link dev.polylog.ExpectedVersion} and reads
 * {@link dev.polylog.RecordedEvent}s back, by stream or in the one global order of the store.
 */
@NullMarked
package dev.polylog;

import org.jspecify.annotations.NullMarked;
