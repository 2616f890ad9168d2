package dev.polylog.cli.cloudevents;

import dev.polylog.EventData;
import dev.polylog.StreamId;

/**
 * An event on its way into a stream.
 *
 * <p>Immutable and thread-safe.
 *
 * @param stream the stream
 * @param event the event
 */
public record StreamEvent(StreamId stream, EventData event) {}
