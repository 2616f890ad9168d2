package dev.polylog.cli.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylog.RecordedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * What the events of an order add up to.
 *
 * <p>Immutable and thread-safe.
 *
 * @param state what happened to it last
 * @param items how many items it has
 * @param cents what they cost
 */
record Order(String state, int items, long cents) {

    static final String PLACED = "OrderPlaced";
    static final String ITEM_ADDED = "ItemAdded";
    static final String PAID = "OrderPaid";
    static final String SHIPPED = "OrderShipped";

    private static final JsonFactory JSON = new JsonFactory();

    /** Before its first event. */
    static Order none() {
        return new Order("not there", 0, 0);
    }

    /** The order after one more event. */
    Order after(RecordedEvent event) {
        return switch (event.type()) {
            case PLACED -> new Order("open", items, cents);
            case ITEM_ADDED -> new Order(state, items + 1, cents + cents(event));
            case PAID -> new Order("paid", items, cents);
            case SHIPPED -> new Order("shipped", items, cents);
            default -> this;
        };
    }

    private static long cents(RecordedEvent event) {
        try (JsonParser json = JSON.createParser(event.payload().toByteArray())) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME && "cents".equals(json.currentName())) {
                    return json.nextLongValue(0);
                }
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("version " + event.version() + " of " + event.stream() + " is no JSON", e);
        }
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s, items: %d, %d.%02d EUR", state, items, cents / 100, cents % 100);
    }
}
