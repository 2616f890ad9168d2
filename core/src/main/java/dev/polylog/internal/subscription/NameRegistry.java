package dev.polylog.internal.subscription;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylog.Payload;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.CellStore.SetOutcome;
import dev.polylog.subscription.SubscriptionLimitReached;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The list of all durable names, in one cell. Thread-safe; failures are those of the cells. */
final class NameRegistry {

    private final CellStore cells;

    NameRegistry(CellStore cells) {
        this.cells = cells;
    }

    List<String> names() {
        return List.copyOf(decode(cells.get(CellNames.REGISTRY)));
    }

    /**
     * Adds a name, unless it is there.
     *
     * @throws SubscriptionLimitReached if the cell is full
     */
    void add(String name) {
        while (true) {
            Optional<Cell> cell = cells.get(CellNames.REGISTRY);
            Set<String> names = decode(cell);
            if (!names.add(name)) {
                return;
            }
            Payload value = encode(names);
            if (value.size() > CellStore.MAX_VALUE_BYTES) {
                throw new SubscriptionLimitReached("subscription " + name + " cannot be added: the names of the "
                        + (names.size() - 1) + " durable subscriptions of this store fill their list of "
                        + CellStore.MAX_VALUE_BYTES + " bytes; use fewer or shorter names");
            }
            long revision = cell.map(Cell::revision).orElse(0L);
            if (cells.compareAndSet(CellNames.REGISTRY, revision, value) instanceof SetOutcome.Done) {
                return;
            }
        }
    }

    private static Payload encode(Collection<String> names) {
        return CellJson.write(json -> {
            json.writeArrayFieldStart("names");
            for (String name : names) {
                json.writeString(name);
            }
            json.writeEndArray();
        });
    }

    private static Set<String> decode(Optional<Cell> cell) {
        Set<String> names = new TreeSet<>();
        return cell.map(Cell::value)
                .map(value -> CellJson.read(CellNames.REGISTRY, value, json -> readNames(json, names), fields -> names))
                .orElse(names);
    }

    private static void readNames(JsonParser json, Collection<String> names) throws IOException {
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            names.add(json.getText());
        }
        CellJson.require(json.currentToken() == JsonToken.END_ARRAY);
    }
}
