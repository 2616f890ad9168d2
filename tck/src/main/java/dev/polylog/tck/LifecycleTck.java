package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventStore;
import dev.polylog.IncompatibleLayout;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.StreamRead;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Chapter L: opening, closing, reopening. Nested empty in a {@link TckHarness}. */
@ExtendWith(TckExtension.class)
public class LifecycleTck {

    /** For JUnit and for the nested class. */
    public LifecycleTck() {}

    @Test
    void l01_ten_may_open_at_once_and_have_the_same_log(TckContext tck) {
        StreamId stream = tck.freshStream();
        Rendezvous<String> race = tck.race();
        race.racers(10, i -> () -> {
            Handle handle = tck.another();
            handle.store().append(stream, any(), tck.event());
            handle.backend().cells().compareAndSet(tck.unique("cell"), 0, Payload.utf8("x"));
            return handle.backend().status().logId();
        });
        assertThat(race.run().allReturned()).containsOnly(tck.backend().status().logId());
        assertThat(tck.store().version(stream)).isEqualTo(10);
    }

    @Test
    void l01_a_log_that_nobody_has_open_may_be_opened_by_ten_at_once(TckContext tck) {
        tck.restart();
        tck.store().close();
        Rendezvous<Handle> race = tck.race();
        race.racers(10, i -> tck::another);
        List<Handle> handles = race.run().allReturned();
        StreamId stream = tck.freshStream();
        handles.forEach(handle -> handle.store().append(stream, any(), tck.event()));
        assertThat(handles.stream()
                        .map(handle -> handle.backend().status().logId())
                        .distinct())
                .hasSize(1);
        assertThat(handles).allMatch(handle -> handle.store().version(stream) == 10);
    }

    @Test
    void l01_a_layout_of_an_unknown_newer_version_is_refused(TckContext tck) {
        Handle known = tck.another();
        assertThat(known.backend().status())
                .as("a layout that is known")
                .isEqualTo(tck.backend().status());
        if (tck.harness() instanceof NewerLayout power) {
            assertThatThrownBy(power::openNewerLayout)
                    .isInstanceOf(IncompatibleLayout.class)
                    .hasMessageContaining("version");
        }
    }

    @Test
    void l01_opening_again_changes_nothing(TckContext tck) {
        StreamId stream = tck.freshStream();
        tck.store().append(stream, noStream(), tck.events(3));
        LogStatus before = tck.backend().status();
        List<RecordedEvent> events = tck.appended();
        for (int i = 0; i < 5; i++) {
            Handle handle = tck.another();
            assertThat(handle.backend().status()).isEqualTo(before);
            assertThat(handle.store().readStream(stream).toList()).isEqualTo(events);
            handle.store().close();
        }
        assertThat(tck.backend().status()).isEqualTo(before);
    }

    @Test
    @Tag("declared")
    void l02_the_log_is_there_after_reopening_or_it_is_another(TckContext tck) {
        StreamId stream = tck.freshStream();
        tck.store().append(stream, noStream(), tck.events(4));
        String logId = tck.backend().status().logId();
        String epoch = tck.backend().status().epoch();
        Position head = tck.store().watermark().head();
        tck.restart();
        LogStatus status = tck.backend().status();
        if (tck.traits().durability() == Durability.VOLATILE) {
            assertThat(status.logId())
                    .as("a log that lost everything is another")
                    .isNotEqualTo(logId);
            assertThat(tck.store().version(stream)).isZero();
        } else {
            assertThat(status.logId()).isEqualTo(logId);
            assertThat(status.epoch()).isEqualTo(epoch);
            assertThat(status.watermark().position()).isEqualTo(head);
            assertThat(tck.store().version(stream)).isEqualTo(4);
        }
    }

    @Test
    @Tag("declared")
    void l02_after_reopening_the_log_goes_on(TckContext tck) {
        StreamId stream = tck.freshStream();
        boolean forgets = tck.traits().durability() == Durability.VOLATILE;
        long version = 0;
        for (int i = 0; i < 4; i++) {
            tck.ownStream(stream);
            AppendResult result = tck.store().append(stream, any(), tck.events(2));
            version = forgets ? 2 : version + 2;
            assertThat(result.version()).isEqualTo(version);
            tck.restart();
            assertThat(tck.store().version(stream)).isEqualTo(forgets ? 0 : version);
        }
    }

    /** Every call there is, by name. */
    private static Map<String, ThrowingCallable> calls(Handle handle, StreamId stream, TckContext tck) {
        EventStore store = handle.store();
        LogBackend backend = handle.backend();
        Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
        calls.put("store.append", () -> store.append(stream, any(), tck.event()));
        calls.put("store.readStream", () -> store.readStream(stream).toList());
        calls.put(
                "store.readAll",
                () -> store.readAll(ReadOptions.all().after(tck.start())).toList());
        calls.put("store.version", () -> store.version(stream));
        calls.put("store.watermark", store::watermark);
        calls.put("append", () -> backend.append(AppendCommand.of(stream, any(), List.of(tck.event()))));
        calls.put("readStream", () -> backend.readStream(StreamRead.forwards(stream, 1, 10)));
        calls.put("readStream backwards", () -> backend.readStream(StreamRead.backwards(stream, 9, 10)));
        calls.put("readAll", () -> backend.readAll(LogRead.after(tck.start(), 10)));
        calls.put("readAll backwards", () -> backend.readAll(LogRead.before(Position.END, 10)));
        calls.put("status", backend::status);
        calls.put("signal", () -> backend.signal(() -> {}));
        calls.put("cell", () -> backend.cells().get("tck"));
        calls.put("set", () -> backend.cells().compareAndSet("tck", 0, Payload.empty()));
        return calls;
    }

    @Test
    void l03_after_close_every_call_fails_with_store_closed(TckContext tck) {
        StreamId stream = tck.freshStream();
        tck.store().append(stream, noStream(), tck.events(3));
        Handle handle = tck.another();
        Map<String, ThrowingCallable> calls = calls(handle, stream, tck);
        handle.store().close();
        calls.forEach((name, call) ->
                assertThat(catchThrowable(call)).as(name + " after close").isInstanceOf(StoreClosed.class));
        assertThat(tck.store().version(stream)).as("through another handle").isEqualTo(3);
    }

    @Test
    void l03_closing_twice_and_by_many_is_closing_once(TckContext tck) {
        StreamId stream = tck.freshStream();
        for (int i = 0; i < 3; i++) {
            Handle handle = tck.another();
            handle.store().append(stream, any(), tck.event());
            handle.store().close();
            handle.store().close();
            handle.backend().close();
            assertThatThrownBy(() -> handle.store().version(stream)).isInstanceOf(StoreClosed.class);
        }
        Handle handle = tck.another();
        Rendezvous<Integer> race = tck.race();
        race.racers(4, i -> () -> {
            handle.backend().close();
            return i;
        });
        race.run().allReturned();
        assertThat(tck.store().version(stream)).isEqualTo(3);
    }

    @Test
    void l03_a_read_that_is_under_way_ends_with_store_closed(TckContext tck) {
        StreamId stream = tck.freshStream();
        tck.store().append(stream, noStream(), tck.events(20));
        Handle handle = tck.another();
        Iterator<RecordedEvent> reading = handle.store()
                .readStream(stream, ReadOptions.stream().pageSize(2))
                .iterator();
        reading.next();
        handle.store().close();
        assertThatThrownBy(() -> {
                    while (reading.hasNext()) {
                        reading.next();
                    }
                })
                .isInstanceOf(StoreClosed.class);
    }

    @Test
    void l03_what_is_in_flight_ends_one_way_or_the_other(TckContext tck) {
        assertThat(tck.traits().closeBound()).isLessThanOrEqualTo(tck.patience());
        StreamId stream = tck.freshStream();
        int acknowledged = 0;
        for (int round = 0; round < 5; round++) {
            Handle handle = tck.another();
            AtomicInteger begun = new AtomicInteger();
            Rendezvous<Integer> race = tck.race();
            race.racers(6, i -> () -> appendUntilClosed(tck, handle, stream, begun));
            race.racer(() -> {
                tck.eventually("appends were under way", () -> begun.get() > 12);
                handle.backend().close();
                return 0;
            });
            acknowledged += race.run().allReturned().stream()
                    .mapToInt(Integer::intValue)
                    .sum();
        }
        assertThat(tck.store().version(stream)).isGreaterThanOrEqualTo(acknowledged);
    }

    private static int appendUntilClosed(TckContext tck, Handle handle, StreamId stream, AtomicInteger begun) {
        for (int acknowledged = 0; ; acknowledged++) {
            begun.incrementAndGet();
            Throwable thrown = catchThrowable(() -> handle.store().append(stream, any(), tck.event()));
            if (thrown != null) {
                assertThat(thrown)
                        .isInstanceOfAny(StoreClosed.class, AppendOutcomeUnknown.class, StoreUnavailable.class);
                return acknowledged;
            }
            assertThat(acknowledged).as("appends, some of them after close").isLessThan(20_000);
        }
    }

    @Test
    void l03_opening_and_closing_again_and_again_leaves_no_thread(TckContext tck) {
        StreamId stream = tck.freshStream();
        for (int i = 0; i < 5; i++) {
            openAndClose(tck, stream);
        }
        long before = threads();
        for (int i = 0; i < 50; i++) {
            openAndClose(tck, stream);
        }
        tck.eventually("the threads of 50 closed handles ended", () -> threads() <= before + 5);
        assertThat(tck.store().version(stream)).isEqualTo(55);
    }

    private static void openAndClose(TckContext tck, StreamId stream) {
        Handle handle = tck.another();
        handle.store().append(stream, any(), tck.event());
        handle.backend().signal(() -> {});
        handle.store().close();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .count();
    }

    @Test
    void l04_an_unreachable_store_fails_at_open_naming_the_address_and_no_secret(TckContext tck) {
        Unreachable unreachable = tck.harness().unreachable();
        if (unreachable instanceof Unreachable.At at) {
            Throwable thrown = catchThrowable(() -> EventStore.open(at.url()).close());
            assertThat(thrown).isInstanceOf(StoreUnavailable.class).hasMessageContaining(at.address());
            assertThat(at.secrets())
                    .allSatisfy(secret ->
                            assertThat(Throwables.getStackTrace(thrown)).doesNotContain(secret));
        } else {
            assertThat(tck.traits().durability())
                    .as("only a store that lives in the process can always be reached")
                    .isEqualTo(Durability.VOLATILE);
        }
    }
}
