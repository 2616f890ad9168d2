package dev.polylog.internal.subscription;

import com.fasterxml.jackson.core.JsonParser;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.subscription.Checkpoint;
import java.util.Map;
import java.util.UUID;

/**
 * What the checkpoint cell of a durable subscription holds.
 *
 * @param owner the token of the run that wrote it; another one means that this run has been replaced
 * @param requests how often somebody asked to look at the parked events
 * @param checkpoint how far it got
 */
record CheckpointCell(String owner, long requests, Checkpoint checkpoint) {

    Payload encode() {
        return CellJson.write(json -> {
            json.writeStringField("owner", owner);
            json.writeNumberField("requests", requests);
            json.writeStringField("logId", checkpoint.logId());
            json.writeStringField("epoch", checkpoint.epoch());
            json.writeStringField("position", checkpoint.position().toString());
            json.writeStringField(
                    "lastEventPosition", checkpoint.lastEventPosition().toString());
            UUID lastId = checkpoint.lastEventId();
            if (lastId != null) {
                json.writeStringField("lastEventId", lastId.toString());
            }
        });
    }

    static CheckpointCell decode(String name, Cell cell) {
        return CellJson.read(CellNames.checkpoint(name), cell.value(), JsonParser::skipChildren, CheckpointCell::of);
    }

    private static CheckpointCell of(Map<String, String> fields) {
        String lastId = fields.get("lastEventId");
        return new CheckpointCell(
                CellJson.text(fields, "owner"),
                Long.parseLong(CellJson.text(fields, "requests")),
                new Checkpoint(
                        CellJson.text(fields, "logId"),
                        CellJson.text(fields, "epoch"),
                        Position.parse(CellJson.text(fields, "position")),
                        Position.parse(CellJson.text(fields, "lastEventPosition")),
                        lastId == null ? null : UUID.fromString(lastId)));
    }
}
