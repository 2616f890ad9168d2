package dev.polylog.tck.mutants;

import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.StreamId;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What all handles of one wrong store know together. Thread-safe. */
final class Shared {

    /** Where each event id was used first. */
    final Map<UUID, StreamId> streams = new ConcurrentHashMap<>();

    /** Events that are not shown yet. */
    final Set<Position> hidden = ConcurrentHashMap.newKeySet();

    /** Values of cells as a handle has read them. */
    final Map<String, Payload> cells = new ConcurrentHashMap<>();

    /** How many appends were made. */
    final AtomicInteger appends = new AtomicInteger();

    /** How many appends are under way. */
    final AtomicInteger underWay = new AtomicInteger();

    /** How many appends were refused. */
    final AtomicInteger refusals = new AtomicInteger();
}
