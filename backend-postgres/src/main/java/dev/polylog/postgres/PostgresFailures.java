package dev.polylog.postgres;

import dev.polylog.IncompatibleLayout;
import dev.polylog.PolylogException;
import dev.polylog.StoreUnavailable;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of the driver means: the one place that tells known failures from unknown outcomes (rule A-05).
 *
 * <p>An SQLSTATE is looked up whole, then by its class; whatever is not in the table is unknown. Stateless and
 * thread-safe.
 */
final class PostgresFailures {

    /** What is known about a statement that failed. */
    enum Meaning {
        /** Nothing was written; the same may succeed later. */
        UNAVAILABLE,
        /** Nothing was written; it will fail again: the log is not there, or may not be used like this. */
        UNUSABLE,
        /** Nothing was written, because of what was to be written. */
        REFUSED,
        /** Nothing was written: the server's clock had passed the append's deadline. */
        LATE,
        /** It cannot be told. */
        UNKNOWN
    }

    /** The append came after its deadline; raised by our functions. */
    static final String LATE = "PLG01";

    /** The isolation level is not READ COMMITTED; raised by our functions. */
    static final String ISOLATION = "PLG02";

    private static final Map<String, Meaning> STATES = Map.ofEntries(
            Map.entry(LATE, Meaning.LATE),
            Map.entry(ISOLATION, Meaning.UNUSABLE),
            // The connection was never made.
            Map.entry("08001", Meaning.UNAVAILABLE),
            Map.entry("08004", Meaning.UNAVAILABLE),
            // Rolled back, and the server says so.
            Map.entry("40000", Meaning.UNAVAILABLE),
            Map.entry("40001", Meaning.UNAVAILABLE),
            Map.entry("40002", Meaning.UNAVAILABLE),
            Map.entry("40P01", Meaning.UNAVAILABLE),
            // A cancel that comes during the commit is no error but a warning, see PostgresSession.
            Map.entry("57014", Meaning.UNAVAILABLE),
            // Said before a session begins.
            Map.entry("57P03", Meaning.UNAVAILABLE),
            Map.entry("57P04", Meaning.UNAVAILABLE),
            // A standby: it was not asked to commit.
            Map.entry("25006", Meaning.UNAVAILABLE),
            Map.entry("25001", Meaning.UNUSABLE),
            Map.entry("25P02", Meaning.REFUSED));

    private static final Map<String, Meaning> CLASSES = Map.ofEntries(
            Map.entry("0A", Meaning.UNUSABLE), // not supported, a cached plan that does not fit any more
            Map.entry("21", Meaning.REFUSED),
            Map.entry("22", Meaning.REFUSED), // data
            Map.entry("23", Meaning.REFUSED), // integrity: the unique index behind the decision
            Map.entry("26", Meaning.UNUSABLE), // a prepared statement is not there: a transaction pooler
            Map.entry("28", Meaning.UNUSABLE), // login
            Map.entry("3D", Meaning.UNUSABLE), // no such database
            Map.entry("3F", Meaning.UNUSABLE), // no such schema
            Map.entry("42", Meaning.UNUSABLE), // no such table or function, no right to it
            Map.entry("44", Meaning.REFUSED),
            Map.entry("53", Meaning.UNAVAILABLE), // disk full, out of memory, too many connections
            Map.entry("54", Meaning.REFUSED), // too large for the server
            Map.entry("55", Meaning.UNAVAILABLE), // lock timeout
            Map.entry("P0", Meaning.REFUSED)); // raised by a trigger of somebody else

    private PostgresFailures() {}

    /**
     * What a failed statement that writes and commits means.
     *
     * @param state its SQLSTATE, null where the driver gave none
     * @return what is known
     */
    static Meaning of(@Nullable String state) {
        if (state == null || state.length() != 5) {
            return Meaning.UNKNOWN;
        }
        Meaning meaning = STATES.get(state);
        return meaning == null ? CLASSES.getOrDefault(state.substring(0, 2), Meaning.UNKNOWN) : meaning;
    }

    /** Whether the connection is of no use any more. */
    static boolean isConnectionLost(SQLException e) {
        String state = e.getSQLState();
        return state == null
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.equals("25006")
                || of(state) == Meaning.UNKNOWN;
    }

    /** The exception for a call that wrote nothing, or was not to write. */
    static PolylogException known(String address, String what, SQLException e) {
        String said = address + ": " + what + " failed" + (what.equals("append") ? "; nothing was written" : "") + ": "
                + message(e);
        return of(e.getSQLState()) == Meaning.UNUSABLE && !"28".equals(classOf(e))
                ? new IncompatibleLayout(said + ". " + advice(e), e)
                : new StoreUnavailable(said, e);
    }

    private static @Nullable String classOf(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() != 5 ? null : state.substring(0, 2);
    }

    private static String advice(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return switch (state) {
            case "42501" -> "The role lacks a right; the grants are printed with the schema";
            case "42P01", "42883", "3F000" -> "The log, or a part of it, is missing in this schema";
            case "26000", "42P05", "0A000" ->
                "Behind a pooler in transaction mode use pooler=transaction; otherwise open" + " the store again";
            case ISOLATION -> "Use the isolation level READ COMMITTED for the role, the database or the transaction";
            default -> "Compare the database with the printed schema";
        };
    }

    /** What the driver said, on one line, with the cause where that says more. */
    static String message(SQLException e) {
        String message = String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
        Throwable cause = e.getCause();
        String why = cause == null ? null : cause.getMessage();
        return message
                + (why == null || message.contains(why) ? "" : " (" + why + ")")
                + (e.getSQLState() == null ? "" : " [" + e.getSQLState() + "]");
    }
}
