package dev.polylog.sqlite;

import dev.polylog.CorruptEvent;
import dev.polylog.IncompatibleLayout;
import dev.polylog.PolylogException;
import dev.polylog.StoreUnavailable;
import java.sql.SQLException;

/**
 * What an error of SQLite means: the one place that knows the result codes.
 *
 * <p>There are no conflicts among them: expectations are compared inside a transaction that nobody else can write in.
 * What matters is when an error comes. Before COMMIT nothing was written, since the connection is replaced and its
 * transaction goes with it. At COMMIT most errors leave it open. Stateless and thread-safe. Rule A-05.
 */
final class SqliteFailures {

    /** What a primary result code says, whenever it comes. */
    enum Kind {
        /** Others hold the file; it passes. */
        BUSY,
        /** No space is left; it passes. */
        FULL,
        /** The machine fails: disk, memory, rights, locks, a driver that lost its connection. */
        BROKEN,
        /** The file is no database, or a damaged one. */
        DAMAGED,
        /** SQLite does not take this statement or value; other writes are not concerned. */
        REFUSED
    }

    private static final int PRIMARY = 0xff;

    private SqliteFailures() {}

    /**
     * Sorts an error by its primary result code, the low byte of the extended one.
     *
     * @param error what the driver threw
     * @return what it says
     */
    static Kind kind(SQLException error) {
        return switch (error.getErrorCode() & PRIMARY) {
            case 5, 6, 17 -> Kind.BUSY; // BUSY, LOCKED, SCHEMA
            case 13 -> Kind.FULL; // FULL
            case 11, 24, 26 -> Kind.DAMAGED; // CORRUPT, FORMAT, NOTADB
            case 1, 12, 16, 18, 19, 20, 25 ->
                Kind.REFUSED; // ERROR, NOTFOUND, EMPTY, TOOBIG, CONSTRAINT, MISMATCH, RANGE
            // INTERNAL, PERM, ABORT, NOMEM, READONLY, INTERRUPT, IOERR, CANTOPEN, PROTOCOL, MISUSE, NOLFS, AUTH,
            // NOTICE, WARNING; 0 and others: errors that the driver made up itself
            default -> Kind.BROKEN;
        };
    }

    /**
     * Whether COMMIT failed for sure, so that its transaction is gone once the connection is.
     *
     * <p>A full disk is found while frames are written to the write-ahead log, the commit mark last; a busy file before
     * anything is written. After any other error the mark may be in the log although the frames were not accepted: a
     * later recovery, after a crash, would accept them. That ends with the next transaction, which overwrites them.
     *
     * @param error what COMMIT gave
     * @return true if nothing was written and nothing will be
     */
    static boolean commitSurelyFailed(SQLException error) {
        return switch (kind(error)) {
            case BUSY, FULL -> true;
            case BROKEN, DAMAGED, REFUSED -> false;
        };
    }

    /**
     * Whether an error before COMMIT is about the one write that met it, so that its neighbours may still be written.
     *
     * @param error what a statement gave
     * @return true if the neighbours are to be tried without it
     */
    static boolean concernsOneWrite(SQLException error) {
        return switch (kind(error)) {
            case FULL, REFUSED -> true;
            case BUSY, BROKEN, DAMAGED -> false;
        };
    }

    /** What the caller of a write gets of which nothing was written. */
    static StoreUnavailable notWritten(SqliteConfig config, SQLException error) {
        return new StoreUnavailable(
                config.address() + ": " + describe(error) + "; nothing was written. " + advice(error), error);
    }

    /** What the caller of a read gets. */
    static PolylogException unreadable(SqliteConfig config, SQLException error) {
        String message = config.address() + ": " + describe(error) + ". " + advice(error);
        return kind(error) == Kind.DAMAGED ? new CorruptEvent(message, error) : new StoreUnavailable(message, error);
    }

    /** What the opener gets (rule L-04). */
    static PolylogException notOpened(SqliteConfig config, SQLException error) {
        if (kind(error) == Kind.DAMAGED) {
            return new IncompatibleLayout(
                    "cannot open " + config.address() + ": the file is no SQLite database, or a damaged one: "
                            + describe(error) + ". Name another file, or restore a backup",
                    error);
        }
        return new StoreUnavailable(
                "cannot open " + config.address() + ": " + describe(error) + ". " + advice(error), error);
    }

    private static String describe(SQLException error) {
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }

    private static String advice(SQLException error) {
        return switch (kind(error)) {
            case BUSY -> "Another process is writing; try again, or raise busyTimeout";
            case FULL -> "Free some space, then try again";
            case BROKEN -> "Check the disk and the rights on the file and its folder, then try again";
            case DAMAGED -> "Check the file by PRAGMA integrity_check, and restore a backup if it is damaged";
            case REFUSED -> "Check that no other software changed the file's tables";
        };
    }
}
