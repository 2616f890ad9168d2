package dev.polylog.eventstoredb;

import static dev.polylog.eventstoredb.KurrentLog.append;
import static dev.polylog.eventstoredb.KurrentLog.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreClosed;
import dev.polylog.eventstoredb.KurrentWire.Kind;
import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import io.kurrent.dbclient.KurrentDBClientSettings;
import io.kurrent.dbclient.KurrentDBConnectionString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads of everything in many pages, some of them begun before they are asked for. */
class KurrentReadAheadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int EVENTS = 600;

    private final KurrentServer server = KurrentServers.own(KurrentVersion.V25_1);
    private final KurrentLog log = new KurrentLog();
    private final KurrentWire wire = new KurrentWire();
    private KurrentBackend backend;

    @BeforeEach
    void open() {
        KurrentDBClientSettings settings = KurrentDBConnectionString.parseOrThrow(server.url());
        settings.getInterceptors().add(wire);
        backend = log.open(KurrentConfig.builder(settings).build());
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        server.close();
    }

    private void write(String stream, int count) {
        backend.append(append(
                stream,
                ExpectedVersion.any(),
                Stream.generate(() -> event()).limit(count).toArray(EventData[]::new)));
    }

    private List<RecordedEvent> walk(LogRead first) {
        List<RecordedEvent> read = new ArrayList<>();
        LogSlice slice = backend.readAll(first);
        while (true) {
            assertThat(slice.events()).hasSizeLessThanOrEqualTo(first.maxEvents());
            read.addAll(slice.events());
            if (slice.atHead()) {
                return read;
            }
            slice = backend.readAll(first.from(slice.lookedUpTo()));
        }
    }

    @Test
    void many_small_pages_show_what_one_large_page_shows() {
        for (int stream = 0; stream < 6; stream++) {
            write("s-" + stream, EVENTS / 6);
        }
        List<RecordedEvent> all =
                backend.readAll(LogRead.after(Position.START, 4_000)).events();
        assertThat(all).hasSize(EVENTS);
        for (int page : new int[] {1, 7, 100, EVENTS}) {
            assertThat(walk(LogRead.after(Position.START, page)))
                    .as("pages of " + page)
                    .isEqualTo(all);
        }
        // The bytes of some twenty events: a page that is read ahead holds more than is asked for at once.
        LogRead few = new LogRead(Direction.FORWARDS, Position.START, Filter.all(), 3, 1_000);
        assertThat(walk(few)).isEqualTo(all);
        List<RecordedEvent> backwards = walk(LogRead.before(Position.END, 7));
        assertThat(backwards).hasSize(EVENTS).first().isEqualTo(all.get(EVENTS - 1));
        Filter one = Filter.all().prefix("s-3");
        assertThat(walk(LogRead.after(Position.START, 7).withFilter(one)))
                .isEqualTo(all.stream()
                        .filter(event -> event.stream().name().equals("s-3"))
                        .toList());
    }

    @Test
    void what_is_written_behind_a_page_that_was_read_ahead_is_seen() {
        write("s", 30);
        LogSlice one = backend.readAll(LogRead.after(Position.START, 10));
        LogSlice two = backend.readAll(LogRead.after(one.lookedUpTo(), 10));
        // By now the rest may have been read, up to its end.
        write("s", 5);
        List<RecordedEvent> rest = walk(LogRead.after(two.lookedUpTo(), 10));
        assertThat(rest).hasSize(15).last().extracting(RecordedEvent::version).isEqualTo(35L);
    }

    @Test
    void a_page_ends_at_its_bytes_also_where_more_was_read_ahead() {
        write("s", 60);
        LogRead first = new LogRead(Direction.FORWARDS, Position.START, Filter.all(), 50, 1);
        assertThat(walk(first)).hasSize(60);
        assertThat(backend.readAll(first).events()).hasSize(1);
    }

    @Test
    void a_closed_store_gives_no_page_that_was_read_ahead() {
        write("s", 100);
        LogRead first = new LogRead(Direction.FORWARDS, Position.START, Filter.all(), 10, 1);
        LogRead second = first.from(backend.readAll(first).lookedUpTo());
        LogRead third = second.from(backend.readAll(second).lookedUpTo());
        backend.close();
        assertThatThrownBy(() -> backend.readAll(third)).isInstanceOf(StoreClosed.class);
    }

    /** What is begun ahead is begun on another thread. */
    private int readsInAMoment() {
        LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
        return wire.count(Kind.READ);
    }

    @Test
    void who_is_quick_finds_the_page_behind_the_next_one_begun_with_its_first_part() {
        write("s", 200);
        // A page that is read ahead ends with the bytes of some twenty events, which are asked for three at a time.
        LogRead first = new LogRead(Direction.FORWARDS, Position.START, Filter.all(), 3, 1_000);
        await().atMost(PATIENCE).until(() -> {
            LogRead second = first.from(backend.readAll(first).lookedUpTo());
            LogRead third = second.from(backend.readAll(second).lookedUpTo());
            int withTheThird = readsInAMoment();
            LogRead fourth = third.from(backend.readAll(third).lookedUpTo());
            int withTheOneBehind = readsInAMoment();
            backend.readAll(fourth);
            return withTheOneBehind == withTheThird + 1 && readsInAMoment() == withTheOneBehind;
        });
    }
}
