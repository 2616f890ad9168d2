package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchThreadTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final BlockingQueue<String> looks = new LinkedBlockingQueue<>();

    private String look() throws InterruptedException {
        String look = looks.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(look).isNotNull();
        return look;
    }

    @Test
    void it_looks_on_a_daemon_thread_of_its_own_until_it_is_stopped() throws Exception {
        WatchThread watch = WatchThread.start("looking", until -> {
            do {
                Thread self = Thread.currentThread();
                looks.add(self.getName() + " " + self.isDaemon());
            } while (!until.stopsWithin(Duration.ofMillis(1)));
            looks.add("over");
        });
        assertThat(look()).isEqualTo("looking true");
        assertThat(look()).isEqualTo("looking true");
        watch.stop();
        watch.join(LONG);
        assertThat(looks).endsWith("over");
    }

    @Test
    void a_pause_ends_when_it_is_stopped() {
        WatchThread watch = WatchThread.start("pausing", until -> {
            if (until.stopsWithin(LONG)) {
                looks.add("stopped");
            }
        });
        watch.stop();
        watch.join(LONG);
        assertThat(looks).containsExactly("stopped");
    }

    @Test
    void it_may_stop_itself_and_wait_for_itself() throws Exception {
        WatchThread.start("by itself", until -> {
            until.stop();
            until.join(LONG);
            looks.add("still here " + until.stopsWithin(LONG));
        });
        assertThat(look()).isEqualTo("still here true");
    }

    @Test
    void an_interrupt_ends_it_and_is_kept() throws Exception {
        WatchThread.start("interrupted", until -> {
            Thread.currentThread().interrupt();
            looks.add(until.stopsWithin(LONG) + " " + Thread.currentThread().isInterrupted());
        });
        assertThat(look()).isEqualTo("true true");
    }
}
