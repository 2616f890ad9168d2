package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadEndTest {

    private static final Duration LONG = Duration.ofDays(1);

    private final CountDownLatch end = new CountDownLatch(1);

    private Thread started(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void untilEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void it_waits_until_the_thread_has_ended() {
        Thread thread = started(this::untilEnd);
        started(end::countDown);
        ThreadEnd.await(thread, LONG);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void it_waits_no_longer_than_its_bound_also_where_that_is_nothing() {
        Thread thread = started(this::untilEnd);
        ThreadEnd.await(thread, Duration.ZERO);
        assertThat(thread.isAlive()).isTrue();
        end.countDown();
    }

    @Test
    void a_thread_does_not_wait_for_itself() {
        ThreadEnd.await(Thread.currentThread(), LONG);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void a_thread_that_was_never_started_is_not_waited_for() {
        Thread thread = new Thread(this::untilEnd);
        ThreadEnd.await(thread, LONG);
        assertThat(thread.getState()).isEqualTo(Thread.State.NEW);
    }

    @Test
    void whoever_is_interrupted_goes_on_and_stays_interrupted() {
        Thread thread = started(this::untilEnd);
        Thread.currentThread().interrupt();
        ThreadEnd.await(thread, LONG);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thread.isAlive()).isTrue();
        end.countDown();
    }
}
