package dev.polylog.tck.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who tried to append an event; the index is made at the first question, since a sound log asks none. */
final class Suspects {

    private final List<Operation> operations;
    private @Nullable Map<UUID, List<Operation>> byId;

    Suspects(List<Operation> operations) {
        this.operations = operations;
    }

    List<Operation> of(LogEntry entry) {
        Map<UUID, List<Operation>> index = byId;
        if (index == null) {
            index = index();
            byId = index;
        }
        return index.getOrDefault(entry.id(), List.of()).stream()
                .filter(operation ->
                        ((Action.Append) operation.action()).writes().stream().anyMatch(write -> holds(write, entry)))
                .toList();
    }

    private static boolean holds(Action.Write write, LogEntry entry) {
        return write.stream().equals(entry.stream()) && write.ids().contains(entry.id());
    }

    private Map<UUID, List<Operation>> index() {
        Map<UUID, List<Operation>> index = new HashMap<>();
        for (Operation operation : operations) {
            if (operation.action() instanceof Action.Append append) {
                for (Action.Write write : append.writes()) {
                    write.ids()
                            .forEach(id -> index.computeIfAbsent(id, key -> new ArrayList<>())
                                    .add(operation));
                }
            }
        }
        return index;
    }
}
