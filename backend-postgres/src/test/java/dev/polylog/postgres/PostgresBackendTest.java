package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import java.util.ArrayList;
import java.util.List;
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
