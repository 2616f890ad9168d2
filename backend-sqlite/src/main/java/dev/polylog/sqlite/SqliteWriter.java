package dev.polylog.sqlite;

import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.support.GroupCommit;
import dev.polylog.spi.support.GroupCommit.Result;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection of this process that writes, and the transactions on it.
 *
 * <ol>
 *   <li>{@link GroupCommit} gathers what callers want to write at the same time.
 *   <li>BEGIN IMMEDIATE: from here on nobody else writes, in no process.
 *   <li>Each work of the group decides and writes; a later one sees what an earlier one wrote.
 *   <li>An error that is about one work alone undoes the transaction, and the group is cut in halves and tried again.
 *   <li>COMMIT returns when everything is on the disk.
 *   <li>After any error the connection is closed, which undoes what was not committed; the next group opens another.
 * </ol>
 *
 * <p>Thread-safe. Failures: {@link StoreUnavailable} where nothing was written, else what {@link SqliteWork#unknown} says
 * (rules, L-03).
 */
final class SqliteWriter {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
    private static final int MOST_MEMBERS = 512;
    private static final int MOST_WAITING = 10_000;

    private final SqliteConfig config;
    private final Clock clock;
    private final LongConsumer grown;
    private final GroupCommit<SqliteWork, SqliteWork> groups;
    private final SqliteTransaction.KnownVersions versions = new SqliteTransaction.KnownVersions();
    private final ReentrantLock using = new ReentrantLock();
    private @Nullable SqliteSession session;
    private volatile boolean closed;

    /**
     * A writer.
     *
     * @param config which file, and how
     * @param session a connection for writing
     * @param clock gives the time at which events are recorded
     * @param grown told the last position after every commit that wrote events
     */
    SqliteWriter(SqliteConfig config, SqliteSession session, Clock clock, LongConsumer grown) {
        this.config = config;
        this.session = session;
        this.clock = clock;
        this.grown = grown;
        this.groups = new GroupCommit<>(this::commit, MOST_MEMBERS, MOST_WAITING, config.busyTimeout());
    }

    /**
     * Has a work carried out and committed, alone or with others.
     *
     * @param work what to do; afterwards it holds what became of it
     */
    void write(SqliteWork work) {
        groups.commit(work);
    }

    private List<Result<SqliteWork>> commit(List<SqliteWork> group, Supplier<List<SqliteWork>> more) {
        using.lock();
        try {
            if (closed) {
                throw new StoreClosed();
            }
            return commitOn(takeSession(), group, more);
        } finally {
            if (closed) {
                closeSession();
            }
            using.unlock();
        }
    }

    /** The session is given back only after a transaction that went well. */
    private SqliteSession takeSession() {
        SqliteSession healthy = session;
        session = null;
        if (healthy != null) {
            return healthy;
        }
        try {
            return SqliteSession.open(config, SqliteSession.Use.WRITING);
        } catch (SQLException e) {
            throw SqliteFailures.notWritten(config, e);
        }
    }

    private List<Result<SqliteWork>> commitOn(
            SqliteSession taken, List<SqliteWork> begun, Supplier<List<SqliteWork>> more) {
        List<SqliteWork> group = new ArrayList<>(begun);
        List<SqliteWork.Effect> effects = new ArrayList<>(begun.size());
        SqliteTransaction transaction = carryOut(taken, group, more, effects);
        try {
            taken.commit();
        } catch (SQLException | RuntimeException | Error e) {
            taken.closeAfter(e);
            SQLException error = e instanceof SQLException known ? known : new SQLException("COMMIT broke off", e);
            return failed(error, group, effects);
        }
        session = taken;
        transaction.committed();
        if (transaction.hasEvents()) {
            grown.accept(transaction.lastPosition());
        }
        List<Result<SqliteWork>> results = new ArrayList<>(group.size());
        group.forEach(work -> results.add(new Result.Outcome<>(work)));
        return results;
    }

    /** Whoever comes while others write goes into the same transaction: a commit costs more than what it commits. */
    private SqliteTransaction carryOut(
            SqliteSession taken,
            List<SqliteWork> group,
            Supplier<List<SqliteWork>> more,
            List<SqliteWork.Effect> effects) {
        try {
            taken.beginWriting();
            SqliteTransaction transaction = new SqliteTransaction(taken, clock.instant(), versions);
            while (effects.size() < group.size()) {
                for (SqliteWork work : group.subList(effects.size(), group.size())) {
                    effects.add(work.carryOut(transaction));
                }
                group.addAll(more.get());
            }
            return transaction;
        } catch (SQLException e) {
            taken.closeAfter(e);
            throw undone(e, group.size());
        } catch (SqliteTransaction.Failed e) {
            taken.closeAfter(e);
            throw undone(e.error(), group.size());
        } catch (RuntimeException | Error e) {
            taken.closeAfter(e);
            throw e;
        }
    }

    /** To a group of several, anything but StoreUnavailable says that its members are to be tried apart. */
    private RuntimeException undone(SQLException error, int members) {
        return members > 1 && SqliteFailures.concernsOneWrite(error)
                ? new SqliteTransaction.Failed(error)
                : SqliteFailures.notWritten(config, error);
    }

    /** Also a work that wrote nothing has no outcome: it may have looked at what its neighbours wrote. */
    private List<Result<SqliteWork>> failed(
            SQLException error, List<SqliteWork> group, List<SqliteWork.Effect> effects) {
        boolean surely = SqliteFailures.commitSurelyFailed(error);
        List<Result<SqliteWork>> results = new ArrayList<>(group.size());
        for (int i = 0; i < group.size(); i++) {
            boolean inDoubt = !surely && effects.get(i) == SqliteWork.Effect.WRITTEN;
            results.add(new Result.Failure<>(
                    inDoubt ? group.get(i).unknown(error) : SqliteFailures.notWritten(config, error)));
        }
        return results;
    }

    /** Refuses further works and those that wait. */
    void refuse() {
        groups.close();
        closed = true;
    }

    /**
     * Refuses further works, waits for the group that is under way, closes the connection.
     *
     * @param bound how long to wait; a group that is still under way then ends by itself and closes the connection
     */
    void close(Duration bound) {
        refuse();
        boolean interrupted = Thread.interrupted();
        try {
            if (using.tryLock(bound.toNanos(), TimeUnit.NANOSECONDS)) {
                closeSession();
                using.unlock();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeSession() {
        SqliteSession open = session;
        session = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (SQLException e) {
            LOG.warn("{}: the connection for writing did not close", config.address(), e);
        }
    }
}
