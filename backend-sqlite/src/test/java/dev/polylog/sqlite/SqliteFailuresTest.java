package dev.polylog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.CorruptEvent;
import dev.polylog.IncompatibleLayout;
import dev.polylog.StoreUnavailable;
import dev.polylog.sqlite.SqliteFailures.Kind;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class SqliteFailuresTest {

    private static final SqliteConfig CONFIG =
            SqliteConfig.builder(Path.of("/data/a.db")).build();

    /** Every primary code that SQLite has, sorted by hand; the numbers of the success codes 100 and 101 are no errors. */
    private static final Map<Kind, Set<Integer>> PRIMARY = new EnumMap<>(Map.of(
            Kind.BUSY, Set.of(5, 6, 17),
            Kind.FULL, Set.of(13),
            Kind.DAMAGED, Set.of(11, 24, 26),
            Kind.REFUSED, Set.of(1, 12, 16, 18, 19, 20, 25),
            Kind.BROKEN, Set.of(0, 2, 3, 4, 7, 8, 9, 10, 14, 15, 21, 22, 23, 27, 28)));

    private static SQLiteException error(SQLiteErrorCode code) {
        return new SQLiteException("as made by the test", code);
    }

    @ParameterizedTest
    @EnumSource(
            value = SQLiteErrorCode.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SQLITE_ROW", "SQLITE_DONE", "UNKNOWN_ERROR"})
    void every_code_of_the_driver_is_sorted_by_its_primary_code(SQLiteErrorCode code) {
        Map<Integer, Kind> kinds = new HashMap<>();
        PRIMARY.forEach((kind, codes) -> codes.forEach(number -> kinds.put(number, kind)));
        assertThat(kinds).hasSize(29);
        assertThat(SqliteFailures.kind(error(code))).isEqualTo(kinds.get(code.code & 0xff));
    }

    @Test
    void an_error_that_the_driver_made_up_leaves_a_commit_in_doubt() {
        SQLException closed = new SQLException("database connection closed");
        assertThat(SqliteFailures.kind(closed)).isEqualTo(Kind.BROKEN);
        assertThat(SqliteFailures.commitSurelyFailed(closed)).isFalse();
        assertThat(SqliteFailures.concernsOneWrite(closed)).isFalse();
    }

    @Test
    void only_a_busy_file_and_a_full_disk_say_for_sure_that_commit_failed() {
        assertThat(SqliteFailures.commitSurelyFailed(error(SQLiteErrorCode.SQLITE_BUSY)))
                .isTrue();
        assertThat(SqliteFailures.commitSurelyFailed(error(SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT)))
                .isTrue();
        assertThat(SqliteFailures.commitSurelyFailed(error(SQLiteErrorCode.SQLITE_FULL)))
                .isTrue();
        for (SQLiteErrorCode code : List.of(
                SQLiteErrorCode.SQLITE_IOERR_FSYNC,
                SQLiteErrorCode.SQLITE_IOERR_WRITE,
                SQLiteErrorCode.SQLITE_CORRUPT,
                SQLiteErrorCode.SQLITE_CONSTRAINT,
                SQLiteErrorCode.SQLITE_NOMEM)) {
            assertThat(SqliteFailures.commitSurelyFailed(error(code))).isFalse();
        }
    }

    @Test
    void only_what_concerns_one_write_spares_its_neighbours() {
        assertThat(SqliteFailures.concernsOneWrite(error(SQLiteErrorCode.SQLITE_FULL)))
                .isTrue();
        assertThat(SqliteFailures.concernsOneWrite(error(SQLiteErrorCode.SQLITE_TOOBIG)))
                .isTrue();
        assertThat(SqliteFailures.concernsOneWrite(error(SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE)))
                .isTrue();
        assertThat(SqliteFailures.concernsOneWrite(error(SQLiteErrorCode.SQLITE_BUSY)))
                .isFalse();
        assertThat(SqliteFailures.concernsOneWrite(error(SQLiteErrorCode.SQLITE_IOERR)))
                .isFalse();
        assertThat(SqliteFailures.concernsOneWrite(error(SQLiteErrorCode.SQLITE_CORRUPT)))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = SQLiteErrorCode.class,
            names = {"SQLITE_BUSY", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CORRUPT", "SQLITE_ERROR"})
    void messages_name_the_address_the_cause_and_what_to_do(SQLiteErrorCode code) {
        StoreUnavailable failure = SqliteFailures.notWritten(CONFIG, error(code));
        assertThat(failure)
                .hasMessageContaining("sqlite:/data/a.db")
                .hasMessageContaining("as made by the test")
                .hasMessageContaining("nothing was written")
                .hasCauseInstanceOf(SQLiteException.class);
        assertThat(failure.getMessage()).matches("(?s).*\\. [A-Z][^.]+");
    }

    @Test
    void a_damaged_file_is_no_passing_trouble() {
        assertThat(SqliteFailures.unreadable(CONFIG, error(SQLiteErrorCode.SQLITE_CORRUPT)))
                .isInstanceOf(CorruptEvent.class);
        assertThat(SqliteFailures.notOpened(CONFIG, error(SQLiteErrorCode.SQLITE_NOTADB)))
                .isInstanceOf(IncompatibleLayout.class);
        assertThat(SqliteFailures.unreadable(CONFIG, error(SQLiteErrorCode.SQLITE_IOERR_READ)))
                .isInstanceOf(StoreUnavailable.class);
        assertThat(SqliteFailures.notOpened(CONFIG, error(SQLiteErrorCode.SQLITE_CANTOPEN)))
                .isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void a_reading_connection_cannot_write(@TempDir Path folder) throws SQLException {
        SqliteConfig config = SqliteConfig.builder(folder.resolve("a.db")).build();
        SqliteBackend.open(config).close();
        try (SqliteSession session = SqliteSession.open(config, SqliteSession.Use.READING)) {
            assertThatThrownBy(() -> session.execute("update polylog_head set fence = 5"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            error -> assertThat(error.getErrorCode() & 0xff).isEqualTo(8));
        }
    }
}
