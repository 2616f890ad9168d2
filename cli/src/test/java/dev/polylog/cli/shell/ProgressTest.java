package dev.polylog.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final AtomicLong nanos = new AtomicLong();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Progress progress(boolean terminal) {
        Shell shell = Shell.of(
                new ByteArrayInputStream(new byte[0]),
                new ByteArrayOutputStream(),
                err,
                Map.of(),
                new Terminal(false, terminal, false, false, 80));
        return new Progress(shell, "importing", nanos::get);
    }

    @Test
    void rate_share_and_remaining_time_are_shown_on_a_terminal() {
        Progress progress = progress(true);
        nanos.set(2_000_000_000L);
        progress.at(30_000, 0.25);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[Kimporting: 30,000 events, 15,000/s, 25 %, 6 s left");
        progress.at(30_001, 0.25);
        progress.clear();
        assertThat(err.toString(StandardCharsets.UTF_8)).endsWith("left\r\u001b[K");
    }

    @Test
    void nothing_is_shown_elsewhere() {
        Progress progress = progress(false);
        nanos.set(2_000_000_000L);
        progress.at(30_000, 0.25);
        progress.clear();
        assertThat(err.size()).isZero();
    }

    @Test
    void spans_of_time_are_for_people() {
        assertThat(Progress.duration(0.2)).isEqualTo("1 s");
        assertThat(Progress.duration(130)).isEqualTo("2 min 10 s");
        assertThat(Progress.duration(3_900)).isEqualTo("1 h 5 min");
    }
}
