package dev.polylog.internal.subscription;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.subscription.ParkedEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One cell of parked events.
 *
 * @param revision the cell's revision, 0 where it was never set
 * @param events at most {@value #MAX_EVENTS}, which fit a cell however long their texts are
 */
record ParkedPage(long revision, List<ParkedEvent> events) {

    static final int MAX_EVENTS = 32;
    static final int MAX_ERROR_LENGTH = 200;

    ParkedPage {
        events = List.copyOf(events);
    }

    boolean isFull() {
        return events.size() >= MAX_EVENTS;
    }

    /** An error's text, cut and without what a cell or a terminal cannot show. */
    static String errorText(Throwable error) {
        return errorText(error.getClass().getName() + (error.getMessage() == null ? "" : ": " + error.getMessage()));
    }

    static String errorText(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(MAX_ERROR_LENGTH)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(shown::appendCodePoint);
        // Through bytes and back, so that half a surrogate pair becomes a question mark.
        return new String(shown.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    static Payload encode(List<ParkedEvent> events) {
        return CellJson.write(json -> {
            json.writeArrayFieldStart("events");
            for (ParkedEvent event : events) {
                write(json, event);
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, ParkedEvent event) throws IOException {
        json.writeStartObject();
        json.writeStringField("position", event.position().toString());
        json.writeStringField("stream", event.stream().name());
        json.writeNumberField("version", event.version());
        json.writeStringField("id", event.eventId().toString());
        json.writeStringField("parkedAt", event.parkedAt().toString());
        json.writeStringField("error", event.error());
        json.writeBooleanField("replay", event.replayRequested());
        json.writeEndObject();
    }

    static List<ParkedEvent> decode(String cell, Payload value) {
        List<ParkedEvent> events = new ArrayList<>();
        return CellJson.read(cell, value, json -> readEvents(json, events), fields -> events);
    }

    private static void readEvents(JsonParser json, List<ParkedEvent> events) throws IOException {
        while (json.nextToken() == JsonToken.START_OBJECT) {
            events.add(event(CellJson.readFields(json, JsonParser::skipChildren)));
        }
        CellJson.require(json.currentToken() == JsonToken.END_ARRAY);
    }

    private static ParkedEvent event(Map<String, String> fields) {
        return new ParkedEvent(
                Position.parse(CellJson.text(fields, "position")),
                StreamId.of(CellJson.text(fields, "stream")),
                Long.parseLong(CellJson.text(fields, "version")),
                UUID.fromString(CellJson.text(fields, "id")),
                Instant.parse(CellJson.text(fields, "parkedAt")),
                CellJson.text(fields, "error"),
                Boolean.parseBoolean(CellJson.text(fields, "replay")));
    }
}
