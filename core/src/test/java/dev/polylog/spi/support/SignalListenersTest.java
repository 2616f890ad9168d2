package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.StoreClosed;
import dev.polylog.spi.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rules N-01 and N-02: who is called, and how long the log is watched. */
class SignalListenersTest {

    private final List<String> watches = new ArrayList<>();
    private final SignalListeners listeners = new SignalListeners(tell -> {
        watches.add("begun");
        tell.run();
        return new SignalListeners.Watch() {
            @Override
            public void stop() {
                watches.add("stopped");
            }

            @Override
            public void join(Duration bound) {
                watches.add("joined within " + bound);
            }
        };
    });
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void everybody_who_listens_is_called_until_the_registration_is_closed() {
        Registration one = listeners.listen(calls::incrementAndGet);
        Registration two = listeners.listen(calls::incrementAndGet);
        listeners.tell();
        assertThat(calls).hasValue(2);
        one.close();
        listeners.tell();
        assertThat(calls).hasValue(3);
        two.close();
        listeners.tell();
        assertThat(calls).hasValue(3);
        assertThat(listeners.isEmpty()).isTrue();
    }

    @Test
    void the_log_is_watched_from_the_first_listener_to_the_last() {
        Registration one = listeners.listen(calls::incrementAndGet);
        Registration two = listeners.listen(calls::incrementAndGet);
        one.close();
        one.close();
        assertThat(watches).containsExactly("begun");
        two.close();
        assertThat(watches).containsExactly("begun", "stopped");
        listeners.listen(calls::incrementAndGet).close();
        assertThat(watches).containsExactly("begun", "stopped", "begun", "stopped");
    }

    @Test
    void one_that_throws_does_not_keep_the_others_from_being_called() {
        listeners.listen(() -> {
            throw new IllegalStateException("as planned");
        });
        listeners.listen(calls::incrementAndGet);
        listeners.tell();
        assertThat(calls).hasValue(1);
    }

    @Test
    void a_listener_may_end_its_own_registration() {
        List<Registration> own = new ArrayList<>();
        own.add(listeners.listen(() -> {
            calls.incrementAndGet();
            own.get(0).close();
        }));
        listeners.tell();
        listeners.tell();
        assertThat(calls).hasValue(1);
    }

    @Test
    void after_close_nobody_is_called_and_nobody_may_come() {
        listeners.listen(calls::incrementAndGet);
        listeners.close(Duration.ofSeconds(1));
        listeners.tell();
        assertThat(calls).hasValue(0);
        assertThat(watches).containsExactly("begun", "stopped", "joined within PT1S");
        assertThatThrownBy(() -> listeners.listen(calls::incrementAndGet)).isInstanceOf(StoreClosed.class);
    }
}
