package dev.polylog.kafka;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Makes the view of a log anew, reads all of it, and says how that went. */
final class RebuildChild {

    static final String DONE = "made anew";

    private static final int PAGE = 1_000;
    private static final int PAGE_BYTES = 1 << 20;

    private RebuildChild() {}

    public static void main(String[] arguments) throws IOException {
        KafkaConfig config = KafkaConfig.parse(BackendUrl.parse(arguments[0]));
        long begun = System.nanoTime();
        try (KafkaBackend backend = KafkaBackend.open(config)) {
            double seconds = (System.nanoTime() - begun) / 1e9;
            ViewStatus view = backend.viewStatus();
            long events = read(backend);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %d events, hash %d, in %.1f s: %,.0f events/s; heap of %d MB, %s at most in all%n",
                    DONE,
                    events,
                    view.hash(),
                    seconds,
                    events / seconds,
                    Runtime.getRuntime().maxMemory() >> 20,
                    resident());
        }
    }

    private static long read(KafkaBackend backend) {
        Position at = Position.START;
        long events = 0;
        LogSlice slice;
        do {
            slice = backend.readAll(new LogRead(Direction.FORWARDS, at, Filter.all(), PAGE, PAGE_BYTES));
            for (RecordedEvent event : slice.events()) {
                events++;
                at = event.position();
            }
        } while (!slice.atHead());
        return events;
    }

    /** What the kernel has counted. */
    private static String resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.substring("VmHWM:".length()).strip())
                .findFirst()
                .orElse("unknown");
    }
}
