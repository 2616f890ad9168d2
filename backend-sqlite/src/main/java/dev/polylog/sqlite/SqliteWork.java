package dev.polylog.sqlite;

import java.sql.SQLException;

/**
 * What one caller wants done in a write transaction that it may share with others.
 *
 * <p>Made and read by the caller's thread; carried out by whichever thread commits, maybe more than once, the last time
 * counts. The hand-over between the threads is {@link SqliteWriter}'s.
 */
interface SqliteWork {

    /**
     * Decides and writes. What the work has written when it throws is undone with the whole transaction.
     *
     * @param transaction the transaction, in which nobody else writes; shows what works before this one wrote
     * @return whether anything was written
     */
    Effect carryOut(SqliteTransaction transaction) throws SQLException;

    /** What the caller gets when it cannot be told whether its transaction took effect. */
    RuntimeException unknown(SQLException cause);

    /** Whether a work changed the file. */
    enum Effect {
        /** It wrote. */
        WRITTEN,
        /** It only looked. */
        NOTHING
    }
}
