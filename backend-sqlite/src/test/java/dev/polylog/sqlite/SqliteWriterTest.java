package dev.polylog.sqlite;

import static dev.polylog.sqlite.Databases.append;
import static dev.polylog.sqlite.Databases.event;
import static dev.polylog.sqlite.Databases.position;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of appends when SQLite fails for real: full disks, locks, commits that break off. */
@Timeout(60)
class SqliteWriterTest {

    @TempDir
    Path folder;

    private SqliteConfig config;
    private SqliteSession session;
    private SqliteWriter writer;
    private SqliteAppender appender;

    @BeforeEach
    void open() throws SQLException {
        config = SqliteConfig.builder(folder.resolve("a.db"))
                .busyTimeout(Duration.ofSeconds(2))
                .build();
        session = SqliteSession.open(config, SqliteSession.Use.WRITING);
        SqliteLayout.prepare(config, session);
        writer = new SqliteWriter(config, session, Clock.systemUTC(), position -> {});
        appender = new SqliteAppender(writer);
    }

    @AfterEach
    void close() {
        writer.close(Duration.ofSeconds(10));
    }

    /** Work that does something odd inside a shared transaction. */
    private interface Odd extends SqliteWork {
        @Override
        default RuntimeException unknown(SQLException cause) {
            return new IllegalStateException("odd", cause);
        }
    }

    private static EventData large() {
        return EventData.of("Large", "x/y", Payload.of(new byte[400_000]));
    }

    private static <T> CompletableFuture<T> async(Supplier<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        result.complete(call.get());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                })
                .start();
        return result;
    }

    @Test
    void a_full_disk_is_told_and_forgotten_once_there_is_space_again() throws SQLException {
        appender.append(append("Order-1", ExpectedVersion.noStream(), event("Placed")));
        long pages = session.number("pragma page_count");
        session.execute("pragma max_page_count = " + (pages + 5));
        assertThatThrownBy(() -> appender.append(append("Order-1", ExpectedVersion.exactly(1), large())))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("SQLITE_FULL")
                .hasMessageContaining("nothing was written")
                .hasMessageContaining("Free some space");
        // The limit went with the connection: there is space again.
        AppendOutcome outcome = appender.append(append("Order-1", ExpectedVersion.exactly(1), large()));
        assertThat(position(outcome)).isEqualTo(2);
    }

    /** Work that holds the writer until it is let go, so that others gather behind it. */
    private CompletableFuture<Void> hold(CountDownLatch go) throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CompletableFuture<Void> holder = async(() -> {
            writer.write((Odd) transaction -> {
                inside.countDown();
                await(go);
                return SqliteWork.Effect.NOTHING;
            });
            return null;
        });
        inside.await();
        return holder;
    }

    @Test
    void a_write_that_sqlite_refuses_leaves_those_of_its_group_alone() throws Exception {
        session.execute("create trigger poison before insert on polylog_events when new.type = 'Poison'"
                + " begin select raise(abort, 'poison'); end");
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> holder = hold(go);
        List<CompletableFuture<AppendOutcome>> neighbours = new ArrayList<>();
        CompletableFuture<AppendOutcome> poison = new CompletableFuture<>();
        for (int i = 0; i < 6; i++) {
            String stream = "Order-" + i;
            if (i == 2) {
                poison = async(() -> appender.append(append(stream, ExpectedVersion.noStream(), event("Poison"))));
            } else {
                neighbours.add(
                        async(() -> appender.append(append(stream, ExpectedVersion.noStream(), event("Placed")))));
            }
        }
        Thread.sleep(100);
        go.countDown();
        holder.get(30, TimeUnit.SECONDS);
        Set<Long> positions = new TreeSet<>();
        for (CompletableFuture<AppendOutcome> neighbour : neighbours) {
            positions.add(position(neighbour.get(30, TimeUnit.SECONDS)));
        }
        assertThat(positions).containsExactly(1L, 2L, 3L, 4L, 5L);
        CompletableFuture<AppendOutcome> refused = poison;
        assertThat(catchThrowable(() -> refused.get(30, TimeUnit.SECONDS)))
                .hasCauseInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("poison")
                .hasMessageContaining("nothing was written");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_file_that_another_process_holds_too_long_is_unavailable_and_then_available() throws SQLException {
        try (SqliteSession other = SqliteSession.open(config, SqliteSession.Use.WRITING)) {
            other.beginWriting();
            assertThatThrownBy(() -> appender.append(append("Order-1", ExpectedVersion.noStream(), event("Placed"))))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("SQLITE_BUSY")
                    .hasMessageContaining("raise busyTimeout");
            other.rollback();
        }
        assertThat(position(appender.append(append("Order-1", ExpectedVersion.noStream(), event("Placed")))))
                .isEqualTo(1);
    }

    @Test
    void versions_are_looked_up_again_after_another_process_wrote() throws SQLException {
        appender.append(append("Order-1", ExpectedVersion.noStream(), event("Placed")));
        try (SqliteBackend other = SqliteBackend.open(config)) {
            other.append(append("Order-1", ExpectedVersion.exactly(1), event("Paid")));
        }
        assertThat(appender.append(append("Order-1", ExpectedVersion.exactly(1), event("Cancelled"))))
                .isInstanceOfSatisfying(
                        AppendOutcome.Conflict.class,
                        conflict -> assertThat(conflict.actual()).isEqualTo(2));
    }

    @Test
    void versions_that_a_failed_transaction_had_reached_are_forgotten() {
        AppendCommand command = append("Order-1", ExpectedVersion.noStream(), event("Placed"), event("Paid"));
        assertThatThrownBy(() -> writer.write((Odd) transaction -> {
                    transaction.insert(
                            command.writes().get(0).stream(),
                            SqliteRow.of(command.writes().get(0).events()));
                    throw new SQLException("as planned");
                }))
                .isInstanceOf(StoreUnavailable.class);
        assertThat(appender.append(append("Order-1", ExpectedVersion.exactly(2), event("Shipped"))))
                .isInstanceOfSatisfying(
                        AppendOutcome.Conflict.class,
                        conflict -> assertThat(conflict.actual()).isZero());
        assertThat(position(appender.append(command))).isEqualTo(2);
    }

    /** A deferred constraint, which SQLite checks at COMMIT: the connection must be one that heeds it. */
    private void makeCommitsFail() throws SQLException {
        session.execute("create table parent (id integer primary key)");
        session.execute("create table child (id references parent deferrable initially deferred)");
        session.execute("create trigger fail after insert on polylog_events when new.type = 'Doubtful'"
                + " begin insert into child values (1); end");
        session.execute("pragma foreign_keys = on");
    }

    @Test
    void a_commit_that_breaks_off_leaves_the_outcome_unknown_until_it_is_resolved() throws SQLException {
        makeCommitsFail();
        AppendCommand command = append("Order-1", ExpectedVersion.noStream(), event("Doubtful"));
        AppendOutcomeUnknown doubt = (AppendOutcomeUnknown) catchThrowable(() -> appender.append(command));
        assertThat(doubt.eventIds()).isEqualTo(command.eventIds());
        long before = Long.parseLong(Databases.query(config.file(), "select fence from polylog_head"));
        assertThat(doubt.resolve()).isEmpty();
        long after = Long.parseLong(Databases.query(config.file(), "select fence from polylog_head"));
        assertThat(after).isEqualTo(before + 1);
        assertThat(position(appender.append(command))).isEqualTo(1);
        assertThat(doubt.resolve()).isEmpty();
    }

    @Test
    void an_append_in_doubt_that_was_written_is_found() throws Exception {
        AppendCommand command = append("Order-1", ExpectedVersion.noStream(), event("Placed"), event("Paid"));
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Void> holder = hold(go);
        CompletableFuture<AppendOutcome> append = async(() -> appender.append(command));
        Thread.sleep(50);
        CompletableFuture<Void> saboteur = async(() -> {
            writer.write((Odd) transaction -> {
                transaction.session().commit();
                return SqliteWork.Effect.WRITTEN;
            });
            return null;
        });
        Thread.sleep(50);
        go.countDown();
        // The others joined its transaction; it wrote nothing, so that much is sure.
        assertThat(catchThrowable(() -> holder.get(30, TimeUnit.SECONDS))).hasCauseInstanceOf(StoreUnavailable.class);
        Throwable failure = catchThrowable(() -> append.get(30, TimeUnit.SECONDS));
        assertThat(failure).isInstanceOf(ExecutionException.class).hasCauseInstanceOf(AppendOutcomeUnknown.class);
        assertThat(catchThrowable(() -> saboteur.get(30, TimeUnit.SECONDS))).hasRootCauseInstanceOf(SQLException.class);
        Optional<AppendResult> result = ((AppendOutcomeUnknown) failure.getCause()).resolve();
        assertThat(result).hasValueSatisfying(written -> {
            assertThat(written.version()).isEqualTo(2);
            assertThat(written.position().low()).isEqualTo(2);
        });
        assertThat(appender.append(command))
                .isInstanceOfSatisfying(
                        AppendOutcome.Appended.class,
                        appended -> assertThat(appended.result().repeated()).isTrue());
    }

    @Test
    void after_close_nothing_is_written() {
        writer.close(Duration.ofSeconds(10));
        writer.close(Duration.ofSeconds(10));
        assertThatThrownBy(() -> appender.append(append("Order-1", ExpectedVersion.noStream(), event("Placed"))))
                .isInstanceOf(StoreClosed.class);
    }
}
