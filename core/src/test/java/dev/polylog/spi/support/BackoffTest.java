package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(Duration.ofMillis(10), Duration.ofSeconds(1));

    @Test
    void delaysDoubleUpToTheGreatest() {
        assertThat(backoff.delay(1)).isEqualTo(Duration.ofMillis(10));
        assertThat(backoff.delay(2)).isEqualTo(Duration.ofMillis(20));
        assertThat(backoff.delay(5)).isEqualTo(Duration.ofMillis(160));
        assertThat(backoff.delay(8)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.delay(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void jitterStaysBetweenHalfAndWhole() {
        SplittableRandom random = new SplittableRandom(3);
        for (int failures = 1; failures < 1_000; failures++) {
            Duration delay = backoff.delay(failures);
            assertThat(backoff.jittered(failures, random)).isBetween(delay.dividedBy(2), delay);
        }
    }

    @Test
    void delaysInTheWrongOrderAreRefused() {
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("expected");
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("expected");
    }
}
