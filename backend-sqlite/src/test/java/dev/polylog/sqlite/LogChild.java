package dev.polylog.sqlite;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.VersionConflict;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;

/** The main class of the child processes: appends, and writes the id of each acknowledged event to standard output. */
final class LogChild {

    private LogChild() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[1]);
        try (EventStore store = EventStore.open("sqlite:" + file + "?busyTimeout=60s");
                FileOutputStream acknowledged = new FileOutputStream(FileDescriptor.out)) {
            switch (arguments[0]) {
                case "contend" -> contend(store, Integer.parseInt(arguments[2]), acknowledged);
                case "write" -> write(store, Long.parseLong(arguments[2]), acknowledged);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    /** Appends to one stream which others want as well, each time with the exact version. */
    private static void contend(EventStore store, int count, FileOutputStream acknowledged) throws IOException {
        StreamId stream = StreamId.of("Contended-1");
        for (int i = 0; i < count; ) {
            EventData event = EventData.json("Added", "{}");
            try {
                store.append(stream, ExpectedVersion.exactly(store.version(stream)), event);
                acknowledge(acknowledged, event);
                i++;
            } catch (VersionConflict e) {
                // Another process was quicker; that is what is tested. Read again, try again.
                Thread.onSpinWait();
            }
        }
    }

    /** Appends one to five events at a time until it is killed. */
    private static void write(EventStore store, long seed, FileOutputStream acknowledged) throws IOException {
        Random random = new Random(seed);
        while (true) {
            EventData[] events = new EventData[1 + random.nextInt(5)];
            UUID append = UUID.randomUUID();
            for (int i = 0; i < events.length; i++) {
                events[i] = EventData.json("Written", "{}").withMetadata("append", append + "/" + events.length);
            }
            store.append(StreamId.of("Killed-" + random.nextInt(20)), ExpectedVersion.any(), events);
            acknowledge(acknowledged, events);
        }
    }

    private static void acknowledge(FileOutputStream acknowledged, EventData... events) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (EventData event : events) {
            lines.append(event.id()).append('\n');
        }
        acknowledged.write(lines.toString().getBytes(StandardCharsets.UTF_8));
    }
}
