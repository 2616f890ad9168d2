package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresBackendTest {

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    @Test
    void a_restored_backup_begins_a_new_epoch_with_the_servers_timeline_in_it() throws Exception {
        PostgresBackend backend = LOG.open();
        String before = backend.status().epoch();
        assertThat(before).matches("\\d+\\.[0-9A-F]{8}");
        LOG.sql("select polylog.bump_epoch()");
        assertThat(backend.status().epoch()).isNotEqualTo(before).endsWith(before.substring(before.indexOf('.')));
    }

    @Test
    void the_applications_own_pool_serves_as_well_and_stays_open() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(LOG.access().jdbcUrl());
            pool.setUsername(LOG.access().user());
            pool.setPassword(LOG.access().password());
            pool.setAutoCommit(false);
            pool.setMaximumPoolSize(4);
            PostgresBackend backend = LOG.open(PostgresConfig.builder(pool).build());
            assertThat(backend.append(TestLog.append("pooled", ExpectedVersion.noStream(), TestLog.event())))
                    .isInstanceOf(AppendOutcome.Appended.class);
            backend.close();
            assertThat(pool.isClosed()).isFalse();
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
    }

    @Test
    void a_url_opens_the_store() {
        String password = LOG.access().password() == null ? "" : LOG.access().password();
        String url = LOG.access().url().replaceFirst("@", ":" + password + "@") + "?schema=by_url";
        try (EventStore store = EventStore.open(url)) {
            assertThat(store.append(StreamId.of("s"), ExpectedVersion.noStream(), TestLog.event())
                            .version())
                    .isEqualTo(1);
        }
    }

    @Test
    void a_filter_that_matches_little_gets_on_page_by_page_and_says_how_far() {
        PostgresBackend backend =
                LOG.open(TestLog.config(LOG.access()).schema("sparse").build());
        for (int i = 0; i < 60; i++) {
            List<EventData> events = new ArrayList<>();
            for (int e = 0; e < 500; e++) {
                events.add(EventData.of("Filler", "b", Payload.empty()));
            }
            backend.append(TestLog.append("filler-" + i, ExpectedVersion.noStream(), events.toArray(EventData[]::new)));
        }
        backend.append(TestLog.append("rare-1", ExpectedVersion.noStream(), TestLog.event()));
        LogRead read = LogRead.after(Position.START, 10).withFilter(Filter.all().categories("rare"));
        LogSlice first = backend.readAll(read);
        assertThat(first.events()).isEmpty();
        assertThat(first.atHead()).isFalse();
        assertThat(first.lookedUpTo().isAfter(Position.START)).isTrue();
        LogSlice second = backend.readAll(LogRead.after(first.lookedUpTo(), 10).withFilter(read.filter()));
        assertThat(second.events()).hasSize(1);
        assertThat(second.atHead()).isTrue();
        assertThat(second.lookedUpTo()).isEqualTo(Position.of(30_001));
    }

    @Test
    void a_rare_type_is_found_in_one_page_however_far_away_in_both_directions() {
        PostgresBackend backend =
                LOG.open(TestLog.config(LOG.access()).schema("by_type").build());
        EventData first = EventData.json("Rare", "{}");
        EventData last = EventData.json("Scarce", "{}");
        backend.append(TestLog.append("rare-1", ExpectedVersion.noStream(), first));
        for (int i = 0; i < 50; i++) {
            EventData[] events = new EventData[500];
            Arrays.setAll(events, e -> EventData.of("Filler", "b", Payload.empty()));
            backend.append(TestLog.append("filler-" + i, ExpectedVersion.noStream(), events));
        }
        backend.append(TestLog.append("rare-1", ExpectedVersion.any(), last));
        Filter filter = Filter.all().types("Rare", "Scarce");
        for (LogRead read : List.of(
                LogRead.after(Position.START, 10),
                new LogRead(Direction.FORWARDS, Position.START, Filter.all(), 10, 1 << 20),
                new LogRead(Direction.FORWARDS, Position.START, Filter.all(), 10, 100))) {
            LogSlice slice = backend.readAll(read.withFilter(filter));
            assertThat(slice.events()).extracting(RecordedEvent::id).containsExactly(first.id(), last.id());
            assertThat(slice.atHead()).isTrue();
            assertThat(slice.lookedUpTo()).isEqualTo(Position.of(25_002));
        }
        LogSlice backwards = backend.readAll(LogRead.before(Position.END, 1).withFilter(filter));
        assertThat(backwards.events()).extracting(RecordedEvent::id).containsExactly(last.id());
        LogSlice rest =
                backend.readAll(LogRead.before(backwards.lookedUpTo(), 10).withFilter(filter));
        assertThat(rest.events()).extracting(RecordedEvent::id).containsExactly(first.id());
        assertThat(rest.atHead()).isTrue();
    }

    @Test
    void a_page_ends_before_an_event_larger_than_its_share_and_goes_on_with_it() {
        PostgresBackend backend =
                LOG.open(TestLog.config(LOG.access()).schema("shares").build());
        int[] sizes = {10, 4_000, 10, 3_000, 3_000, 3_000, 10};
        EventData[] events = new EventData[sizes.length];
        Arrays.setAll(events, i -> EventData.of("T", "b", Payload.of(new byte[sizes[i]])));
        backend.append(TestLog.append("s", ExpectedVersion.noStream(), events));
        List<Integer> pages = new ArrayList<>();
        List<RecordedEvent> read = new ArrayList<>();
        for (Position after = Position.START; ; ) {
            // A share of 1,500 bytes.
            LogSlice page = backend.readAll(new LogRead(Direction.FORWARDS, after, Filter.all(), 4, 6_000));
            pages.add(page.events().size());
            read.addAll(page.events());
            after = page.lookedUpTo();
            if (page.atHead()) {
                break;
            }
        }
        assertThat(read)
                .extracting(RecordedEvent::id)
                .containsExactly(Arrays.stream(events).map(EventData::id).toArray(UUID[]::new));
        assertThat(pages).containsExactly(1, 3, 2, 1);
        StreamSlice stream =
                backend.readStream(new StreamRead(StreamId.of("s"), Direction.BACKWARDS, Long.MAX_VALUE, 4, 6_000));
        assertThat(stream.events()).hasSize(1);
        assertThat(stream.endOfStream()).isFalse();
        assertThat(stream.streamVersion()).isEqualTo(7);
        assertThat(backend.readStream(new StreamRead(StreamId.of("s"), Direction.BACKWARDS, 6, 4, 6_000))
                        .events())
                .extracting(RecordedEvent::version)
                .containsExactly(6L, 5L);
    }

    @Test
    void names_that_no_event_can_have_match_nothing() {
        PostgresBackend backend = LOG.open();
        backend.append(TestLog.append("some-1", ExpectedVersion.any(), TestLog.event()));
        for (Filter filter : List.of(
                Filter.all().types("a\0b"),
                Filter.all().prefix("\ud800"),
                Filter.all().categories("\0"))) {
            LogSlice slice = backend.readAll(LogRead.after(Position.START, 10).withFilter(filter));
            assertThat(slice.events()).isEmpty();
            assertThat(slice.atHead()).isTrue();
        }
    }

    @Test
    void messages_hold_no_values_of_rows() throws Exception {
        PostgresBackend backend =
                LOG.open(TestLog.config(LOG.access()).schema("guarded").build());
        LOG.sql("alter table guarded.events add constraint small check (octet_length(payload) < 10)");
        assertThatThrownBy(() -> backend.append(
                        TestLog.append("s", ExpectedVersion.any(), EventData.json("T", "{\"secret\":\"s3cr3t\"}"))))
                .hasMessageContaining("nothing was written")
                .hasMessageNotContaining("s3cr3t")
                .hasMessageNotContaining("7b22");
        assertThat(backend.append(TestLog.append("s", ExpectedVersion.any(), EventData.json("T", "{}"))))
                .isInstanceOf(AppendOutcome.Appended.class);
    }
}
