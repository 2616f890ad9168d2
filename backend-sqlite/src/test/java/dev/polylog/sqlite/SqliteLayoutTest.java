package dev.polylog.sqlite;

import static dev.polylog.sqlite.Databases.append;
import static dev.polylog.sqlite.Databases.event;
import static dev.polylog.sqlite.Databases.execute;
import static dev.polylog.sqlite.Databases.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.CorruptEvent;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.IncompatibleLayout;
import dev.polylog.Position;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogStatus;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteLayoutTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("a.db");
    }

    private SqliteBackend open() {
        return SqliteBackend.open(SqliteConfig.builder(file).build());
    }

    @Test
    void a_new_file_says_what_it_is_and_keeps_its_identity() throws SQLException {
        LogStatus first;
        try (SqliteBackend backend = open()) {
            first = backend.status();
            backend.append(append("Order-1", ExpectedVersion.noStream(), event("Placed")));
        }
        assertThat(query(file, "pragma application_id")).isEqualTo(String.valueOf(0x504C4F47));
        assertThat(query(file, "pragma user_version")).isEqualTo("1");
        assertThat(query(file, "pragma journal_mode")).isEqualTo("wal");
        try (SqliteBackend backend = open()) {
            assertThat(backend.status().logId()).isEqualTo(first.logId());
            assertThat(backend.status().epoch()).isEqualTo(first.epoch());
            assertThat(backend.status().watermark().head()).isEqualTo(Position.of(1));
        }
    }

    @Test
    void closing_the_last_handle_leaves_one_file() {
        SqliteBackend backend = open();
        backend.append(append("Order-1", ExpectedVersion.noStream(), event("Placed")));
        backend.readAll(LogRead.after(Position.START, 10));
        backend.signal(() -> {});
        backend.close();
        assertThat(folder.toFile().list()).containsExactly("a.db");
    }

    @Test
    void a_new_epoch_keeps_the_identity() {
        try (SqliteBackend backend = open()) {
            LogStatus before = backend.status();
            backend.beginEpoch();
            assertThat(backend.status().logId()).isEqualTo(before.logId());
            assertThat(backend.status().epoch()).isNotEqualTo(before.epoch());
        }
    }

    @Test
    void a_newer_layout_is_refused_and_left_alone() throws SQLException {
        open().close();
        execute(file, "pragma user_version = 2");
        assertThatThrownBy(this::open)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("version 2")
                .hasMessageContaining("knows version 1");
        assertThat(query(file, "pragma user_version")).isEqualTo("2");
    }

    @Test
    void a_database_of_something_else_is_refused_and_left_alone() throws SQLException {
        execute(file, "create table invoices (id integer)");
        assertThatThrownBy(this::open)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("something else")
                .hasMessageContaining("invoices");
        assertThat(query(file, "pragma journal_mode")).isEqualTo("delete");
        assertThat(query(file, "select group_concat(name) from sqlite_master")).isEqualTo("invoices");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pragma application_id = 7", "pragma user_version = 3"})
    void an_empty_database_that_others_have_marked_is_refused(String mark) throws SQLException {
        execute(file, mark);
        assertThatThrownBy(this::open).isInstanceOf(IncompatibleLayout.class).hasMessageContaining("something else");
    }

    @Test
    void a_text_encoding_other_than_utf8_is_refused() throws SQLException {
        execute(file, "pragma encoding = 'UTF-16le'", "create table t (x)", "drop table t");
        assertThatThrownBy(this::open).isInstanceOf(IncompatibleLayout.class).hasMessageContaining("UTF-16le");
    }

    @Test
    void a_missing_head_row_is_refused() throws SQLException {
        open().close();
        execute(file, "delete from polylog_head");
        assertThatThrownBy(this::open).isInstanceOf(IncompatibleLayout.class).hasMessageContaining("0 head row");
    }

    @Test
    void a_journal_that_others_switched_is_switched_back() throws SQLException {
        open().close();
        execute(file, "pragma journal_mode = delete");
        open().close();
        assertThat(query(file, "pragma journal_mode")).isEqualTo("wal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete from polylog_events", "update polylog_events set version = 7"})
    void events_can_be_neither_changed_nor_deleted(String statement) throws SQLException {
        try (SqliteBackend backend = open()) {
            backend.append(append("Order-1", ExpectedVersion.noStream(), event("Placed")));
        }
        assertThatThrownBy(() -> execute(file, statement)).hasMessageContaining("events of a log are never");
        assertThat(query(file, "select count(*) from polylog_events")).isEqualTo("1");
    }

    @Test
    void people_can_read_the_log() throws SQLException {
        EventData event = event("Placed");
        try (SqliteBackend backend = open()) {
            backend.append(append("Order-1", ExpectedVersion.noStream(), event.withMetadata("user", "ann")));
        }
        assertThat(query(
                        file,
                        "select position || stream || version || id || type || payload || (metadata ->> 'user')"
                                + " from polylog_readable where recorded_at like '20%Z'"))
                .isEqualTo("1Order-11" + event.id().toString().replace("-", "") + "Placed{\"n\":1}ann");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update polylog_events set id = x'00'",
                "update polylog_events set metadata = '{'",
                "update polylog_events set metadata = '[1]'",
                "update polylog_events set type = cast(x'ff' as text)"
            })
    void a_row_that_cannot_have_been_written_stops_the_read_and_is_never_skipped(String damage) throws SQLException {
        try (SqliteBackend backend = open()) {
            backend.append(append("Order-1", ExpectedVersion.noStream(), event("Placed")));
        }
        execute(file, "drop trigger polylog_events_never_change", damage);
        try (SqliteBackend backend = open()) {
            assertThatThrownBy(() -> backend.readAll(LogRead.after(Position.START, 10)))
                    .isInstanceOf(CorruptEvent.class)
                    .hasMessageContaining("position 1");
        }
    }

    @Test
    void an_empty_file_that_another_process_holds_is_waited_for() throws Exception {
        CompletableFuture<String> opened = new CompletableFuture<>();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("begin immediate");
            new Thread(() -> {
                        try (SqliteBackend backend = open()) {
                            opened.complete(backend.status().logId());
                        } catch (Throwable e) {
                            opened.completeExceptionally(e);
                        }
                    })
                    .start();
            Thread.sleep(300);
            assertThat(opened).isNotDone();
            statement.execute("rollback");
        }
        assertThat(opened.get(60, TimeUnit.SECONDS)).isNotEmpty();
    }

    @RepeatedTest(10)
    void ten_that_open_at_once_make_one_log() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<CompletableFuture<String>> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            CompletableFuture<String> id = new CompletableFuture<>();
            ids.add(id);
            new Thread(() -> {
                        try {
                            start.await();
                            try (SqliteBackend backend = open()) {
                                id.complete(backend.status().logId());
                            }
                        } catch (Throwable e) {
                            id.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        start.countDown();
        List<String> seen = new ArrayList<>();
        for (CompletableFuture<String> id : ids) {
            seen.add(id.get(60, TimeUnit.SECONDS));
        }
        assertThat(seen).hasSize(10).containsOnly(seen.get(0));
    }
}
