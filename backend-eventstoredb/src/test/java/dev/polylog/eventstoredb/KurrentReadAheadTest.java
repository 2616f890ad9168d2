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
import dev.polylog.StoreUnavailable;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads of everything in many pages, most of them read before they are asked for. */
@Timeout(300)
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

    @Test
    void who_goes_on_is_read_ahead_for_in_calls_of_many_pages() {
        write("s", 200);
        write("t", 200);
        await().atMost(PATIENCE).until(() -> {
            int before = wire.count(Kind.READ);
            assertThat(walk(LogRead.after(Position.START, 5))).hasSize(400);
            return wire.count(Kind.READ) - before < 40;
        });
    }

    @Test
    void readers_at_once_see_the_same_while_more_is_written() {
        write("s", 150);
        ExecutorService readers = Executors.newFixedThreadPool(6);
        try {
            List<Future<List<RecordedEvent>>> walks = new ArrayList<>();
            for (int reader = 0; reader < 6; reader++) {
                LogRead first = LogRead.after(Position.START, reader < 3 ? 2 : 3 + reader);
                walks.add(readers.submit(() -> walk(first)));
            }
            for (int more = 0; more < 20; more++) {
                write("t", 10);
            }
            List<RecordedEvent> all = walk(LogRead.after(Position.START, 4_000));
            for (Future<List<RecordedEvent>> walk : walks) {
                List<RecordedEvent> seen = walk.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                assertThat(seen).hasSizeGreaterThanOrEqualTo(150).isEqualTo(all.subList(0, seen.size()));
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("a reader did not come through", e);
        } finally {
            readers.shutdownNow();
        }
    }

    @Test
    void who_reads_while_the_server_goes_away_comes_through_when_it_is_back() throws Exception {
        write("s", 200);
        write("t", 200);
        LogRead first = LogRead.after(Position.START, 3);
        List<RecordedEvent> all = walk(LogRead.after(Position.START, 4_000));
        assertThat(all).hasSize(400);
        List<RecordedEvent> read = new ArrayList<>();
        Position at = Position.START;
        int kills = 0;
        boolean end = false;
        while (!end) {
            if (read.size() >= 100 * (kills + 1) && kills < 3) {
                kills++;
                server.kill();
                server.restart();
            }
            try {
                LogSlice slice = backend.readAll(first.from(at));
                read.addAll(slice.events());
                at = slice.lookedUpTo();
                end = slice.atHead();
            } catch (StoreUnavailable away) {
                assertThat(kills).as("nothing but a kill makes a read fail").isPositive();
            }
        }
        assertThat(read).isEqualTo(all);
    }
}
