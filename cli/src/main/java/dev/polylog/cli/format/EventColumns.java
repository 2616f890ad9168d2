package dev.polylog.cli.format;

import dev.polylog.RecordedEvent;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Which columns a table of events has. */
public enum EventColumns {
    /** For the events of one stream. */
    OF_STREAM,
    /** For events of many streams. */
    OF_ALL;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int MOST_SHOWN_BYTES = 4096;

    List<String> headers() {
        return this == OF_STREAM
                ? List.of("VERSION", "RECORDED", "TYPE", "DATA")
                : List.of("POSITION", "STREAM", "VERSION", "RECORDED", "TYPE", "DATA");
    }

    List<String> row(RecordedEvent event) {
        String recorded = TIME.format(event.recordedAt());
        String version = String.valueOf(event.version());
        return this == OF_STREAM
                ? List.of(version, recorded, event.type(), data(event))
                : List.of(
                        event.position().toString(),
                        event.stream().name(),
                        version,
                        recorded,
                        event.type(),
                        data(event));
    }

    /** The payload where it is text; else what it is. */
    private static String data(RecordedEvent event) {
        if (event.payload().size() > MOST_SHOWN_BYTES) {
            return event.contentType() + ", " + event.payload();
        }
        return Texts.utf8(event.payload().toByteArray()).orElseGet(() -> event.contentType() + ", " + event.payload());
    }
}
