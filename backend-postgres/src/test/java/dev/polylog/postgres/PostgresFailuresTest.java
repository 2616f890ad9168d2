package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.IncompatibleLayout;
import dev.polylog.StoreUnavailable;
import dev.polylog.postgres.PostgresFailures.Meaning;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every class of SQLSTATE that PostgreSQL's manual lists (appendix A), and the single ones that differ. */
class PostgresFailuresTest {

    private static final Map<Meaning, List<String>> TABLE = Map.of(
            Meaning.UNAVAILABLE,
            List.of(
                    "08001", "08004", "25006", "40000", "40001", "40002", "40P01", "53000", "53100", "53200", "53300",
                    "53400", "55000", "55006", "55P02", "55P03", "55P04", "57014", "57P03", "57P04"),
            Meaning.UNUSABLE,
            List.of(
                    "0A000", "25001", "26000", "28000", "28P01", "3D000", "3F000", "42000", "42501", "42601", "42703",
                    "42883", "42P01", "42P05", "PLG02"),
            Meaning.REFUSED,
            List.of(
                    "21000", "22000", "22001", "22003", "22021", "22P05", "23502", "23505", "23514", "25P02", "44000",
                    "54000", "54001", "54011", "54023", "P0001", "P0004"),
            Meaning.LATE,
            List.of("PLG01"),
            Meaning.UNKNOWN,
            List.of(
                    "00000", "01000", "02000", "03000", "08000", "08003", "08006", "08007", "08P01", "09000", "0B000",
                    "0F000", "0L000", "0P000", "0Z000", "10608", "20000", "24000", "25000", "25P01", "25P03", "25P04",
                    "27000", "2B000", "2D000", "2F000", "34000", "38000", "39000", "3B000", "40003", "57000", "57P01",
                    "57P02", "57P05", "58000", "58030", "72000", "F0000", "HV000", "XX000", "XX001", "XX002", "?", ""));

    @Test
    void every_class_of_states_has_the_meaning_that_the_table_says() {
        TABLE.forEach((meaning, states) -> states.forEach(
                state -> assertThat(PostgresFailures.of(state)).as(state).isEqualTo(meaning)));
    }

    @Test
    void a_failure_without_a_state_is_unknown() {
        assertThat(PostgresFailures.of(null)).isEqualTo(Meaning.UNKNOWN);
    }

    @Test
    void whatever_is_not_in_the_table_is_unknown() {
        for (char first = 'A'; first <= 'Z'; first++) {
            for (char second = '1'; second <= '9'; second++) {
                String state = "" + first + second + "000";
                assertThat(PostgresFailures.of(state)).as(state).isEqualTo(Meaning.UNKNOWN);
            }
        }
    }

    @Test
    void a_lost_connection_is_replaced_and_a_refused_statement_keeps_it() {
        for (String lost : List.of("08006", "08003", "57P01", "57P02", "25006", "XX000", "40003")) {
            assertThat(PostgresFailures.isConnectionLost(new SQLException("x", lost)))
                    .as(lost)
                    .isTrue();
        }
        for (String kept : List.of("23505", "55P03", "40001", "57014", "PLG01", "53100")) {
            assertThat(PostgresFailures.isConnectionLost(new SQLException("x", kept)))
                    .as(kept)
                    .isFalse();
        }
    }

    @Test
    void messages_say_what_to_do() {
        assertThat(PostgresFailures.known("db", "append", new SQLException("no", "42501")))
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("grants are printed");
        assertThat(PostgresFailures.known("db", "append", new SQLException("no", "26000")))
                .hasMessageContaining("pooler=transaction");
        assertThat(PostgresFailures.known("db", "append", new SQLException("bad\n  login", "28P01")))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("db: append failed; nothing was written: bad login [28P01]");
    }
}
