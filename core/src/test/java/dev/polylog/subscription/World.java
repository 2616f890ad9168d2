package dev.polylog.subscription;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.memory.FaultPlan;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.memory.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A log in simulated time, and stores over it: each as if in a process of its own. For one thread. */
final class World {

    final VirtualTime time = new VirtualTime();
    final FaultPlan faults = new FaultPlan();
    final MemoryBackend memory;
    final TroubledBackend troubled;
    final EventStore store;
    private final String name = UUID.randomUUID().toString();
    private int appended;

    World() {
        memory = open();
        troubled = new TroubledBackend(memory, 0);
        store = EventStore.over(troubled, time);
    }

    private MemoryBackend open() {
        return MemoryBackend.builder().name(name).scheduler(time).faults(faults).open();
    }

    /** Another store over the same log. */
    EventStore otherStore() {
        return EventStore.over(open(), time);
    }

    Position append(String stream, String type) {
        AppendResult result = store.append(
                StreamId.of(stream), ExpectedVersion.any(), EventData.json(type, "{\"n\":" + ++appended + "}"));
        return result.position();
    }

    Position append(String stream, int count) {
        Position last = Position.START;
        for (int i = 0; i < count; i++) {
            last = append(stream, "T");
        }
        return last;
    }

    List<UUID> idsInLog() {
        List<UUID> ids = new ArrayList<>();
        for (RecordedEvent event : store.readAll()) {
            ids.add(event.id());
        }
        return ids;
    }

    void pass(Duration span) {
        time.advance(span);
    }

    void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }
}
