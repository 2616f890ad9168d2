package dev.polylog.eventstoredb;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylog.IncompatibleLayout;
import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.SubscriptionFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;

/**
 * How the log lies in KurrentDB: the whole database is one log, in which streams of the application keep their names.
 * Our own streams begin with {@code $polylog-}, which no stream of an application can: one event says what log this is,
 * and each cell is a stream. Whatever else begins with {@code $} belongs to the server, and is no part of the log; neither
 * are links, metadata and tombstones.
 *
 * <p>Stateless and thread-safe.
 */
final class KurrentLayout {

    /** The version of the layout that this code makes and knows. */
    static final int VERSION = 1;

    /** The stream that says what log this is. */
    static final String LOG_STREAM = "$polylog-log";

    private static final String LOG_TYPE = "LogMade";
    private static final String CELL_PREFIX = "$polylog-cell-";
    private static final JsonMapper JSON = new JsonMapper();

    private KurrentLayout() {}

    /** A cell's stream; the name may hold anything that a name may hold. */
    static String cellStream(String cell) {
        return CELL_PREFIX + cell;
    }

    /** Whether an event of {@code $all} is one of the log's. */
    static boolean isEvent(RecordedEvent event) {
        return !event.getStreamId().startsWith("$") && !isSystemType(event.getEventType());
    }

    /** Leaves streams of the system out. Not {@code Pattern.quote}: the server's expressions are of another kind. */
    static SubscriptionFilter ofApplications() {
        return SubscriptionFilter.newBuilder()
                .withStreamNameRegularExpression("^[^$]")
                .build();
    }

    /** Types by which the server means something: metadata, the end of a stream, a link. */
    static boolean isSystemType(String type) {
        return type.equals("$metadata") || type.equals("$streamDeleted") || type.equals("$>");
    }

    /** The event that makes a log. */
    static EventData newLog() {
        return identity(VERSION, UUID.randomUUID().toString());
    }

    static EventData identity(int version, String logId) {
        try {
            byte[] json = JSON.writeValueAsBytes(
                    JSON.createObjectNode().put("layout", version).put("log", logId));
            return EventData.builderAsJson(UUID.randomUUID(), LOG_TYPE, json).build();
        } catch (JacksonException e) {
            throw new UncheckedIOException("two values cannot be written as JSON", e);
        }
    }

    /**
     * The log's id, as the event says that made it.
     *
     * @throws IncompatibleLayout if the layout is not known
     */
    static String logId(String address, RecordedEvent identity) {
        try {
            JsonNode root = JSON.readTree(identity.getEventData());
            int version = root == null ? 0 : root.path("layout").asInt();
            String logId = root == null ? "" : root.path("log").asText();
            if (version == VERSION && !logId.isEmpty()) {
                return logId;
            }
            throw new IncompatibleLayout(
                    address + ": the layout of this log has version " + version + ", this library knows version "
                            + VERSION + ". Use a library that knows it",
                    null);
        } catch (IOException e) {
            throw new IncompatibleLayout(
                    address + ": the stream " + LOG_STREAM + " holds something else than the description of a log", e);
        }
    }
}
