package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LostTailTest {

    private long now = -5;

    private final LostTail tail = new LostTail(Duration.ofNanos(100), () -> now);

    private boolean saidAt(long nanos) {
        now = nanos;
        return tail.said();
    }

    @Test
    void a_leader_that_nobody_replaces_is_believed_at_once() {
        assertThat(new LostTail(Duration.ZERO, () -> now).said()).isTrue();
    }

    @Test
    void what_is_said_once_may_come_from_a_leader_that_was_replaced() {
        assertThat(saidAt(-5)).isFalse();
    }

    @Test
    void what_is_said_again_and_again_for_longer_than_a_leader_may_be_unaware_is_believed() {
        assertThat(saidAt(-5)).isFalse();
        assertThat(saidAt(50)).isFalse();
        assertThat(saidAt(94)).isFalse();
        assertThat(saidAt(95)).isTrue();
    }

    @Test
    void records_take_back_what_was_said() {
        assertThat(saidAt(-5)).isFalse();
        assertThat(saidAt(50)).isFalse();
        tail.disproved();

        assertThat(saidAt(95)).isFalse();
        assertThat(saidAt(195)).isTrue();
    }

    @Test
    void what_was_said_long_ago_does_not_count() {
        assertThat(saidAt(-5)).isFalse();

        assertThat(saidAt(96)).isFalse();
        assertThat(saidAt(196)).isTrue();
    }
}
