package dev.polylog.kafka;

import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.EventMirror;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A process that mirrors until it is killed. Arguments: URL, target, a file to make when it has begun. */
final class MirrorChild {

    private MirrorChild() {}

    public static void main(String[] arguments) throws Exception {
        try (EventMirror mirror = new KafkaBackendProvider().openMirror(BackendUrl.parse(arguments[0]), arguments[1])) {
            mirror.copyNext(Duration.ZERO);
            Files.createFile(Path.of(arguments[2]));
            while (true) {
                mirror.copyNext(Duration.ofSeconds(1));
            }
        }
    }
}
