package dev.polylog.postgres;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.postgres.PostgresFailures.Meaning;
import dev.polylog.postgres.PostgresSession.Attempt;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.support.GroupCommit;
import dev.polylog.spi.support.GroupCommit.Result;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The append path.
 *
 * <ol>
 *   <li>{@link GroupCommit} merges the appends of this process that come while another group is on its way.
 *   <li>{@link PostgresChunks} cuts the group where one call must not hold all of it.
 *   <li>{@link PostgresSession} sends each part as one call: inside, the head row is locked, each append is decided
 *       (repeat, duplicate, conflict, write), the survivors are inserted, and all is committed.
 *   <li>{@link PostgresFailures} says what a failure means. A part that was refused because of one of its members is cut
 *       in halves and tried again (rule A-15).
 *   <li>Where the outcome is unknown, the members get {@link AppendOutcomeUnknown}. Before anything else is appended, and
 *       before it is looked for, the attempt is fenced ({@link PostgresFence}), so nothing of it is written late.
 * </ol>
 *
 * <p>Thread-safe. Rules, I-01 to I-06.
 */
final class PostgresAppender {

    private static final int MAX_GROUP = 256;
    private static final int MAX_QUEUE = 10_000;
    private static final String LOCK_TIMEOUT = "55P03";

    private final PostgresConfig config;
    private final PostgresConnections connections;
    private final PostgresFence fence;
    private final LongConsumer grown;
    private final GroupCommit<AppendCommand, AppendOutcome> groups;
    private final Queue<Attempt> unfenced = new ConcurrentLinkedQueue<>();
    private final ReentrantLock inFlight = new ReentrantLock();
    private volatile @Nullable PostgresSession session;
    private volatile boolean closed;

    PostgresAppender(PostgresConfig config, PostgresConnections connections, LongConsumer grown) {
        this.config = config;
        this.connections = connections;
        this.fence = new PostgresFence(config);
        this.grown = grown;
        this.groups = new GroupCommit<>(this::commit, MAX_GROUP, MAX_QUEUE, config.socketTimeout());
    }

    AppendOutcome append(AppendCommand command) {
        return groups.commit(command);
    }

    private List<Result<AppendOutcome>> commit(List<AppendCommand> group) {
        inFlight.lock();
        try {
            List<Result<AppendOutcome>> results = new ArrayList<>(group.size());
            for (List<AppendCommand> part : PostgresChunks.cut(group)) {
                results.addAll(carryOut(part));
            }
            return results;
        } finally {
            inFlight.unlock();
        }
    }

    private List<Result<AppendOutcome>> carryOut(List<AppendCommand> part) {
        PostgresSession current;
        Attempt attempt;
        try {
            current = session();
            attempt = current.attempt();
        } catch (SQLException e) {
            drop();
            return failed(part, closed ? new StoreClosed() : PostgresFailures.known(config.address(), "append", e));
        } catch (PolylogException e) {
            return failed(part, e);
        }
        try {
            List<AppendOutcome> outcomes = current.append(part, attempt.deadline());
            announce(outcomes);
            return outcomes.stream()
                    .<Result<AppendOutcome>>map(Result.Outcome::new)
                    .toList();
        } catch (SQLException e) {
            return failed(part, attempt, e);
        }
    }

    private List<Result<AppendOutcome>> failed(List<AppendCommand> part, Attempt attempt, SQLException e) {
        Meaning meaning = PostgresFailures.of(e.getSQLState());
        if (meaning == Meaning.UNKNOWN) {
            unfenced.add(attempt);
            drop();
            return part.stream()
                    .<Result<AppendOutcome>>map(member -> new Result.Failure<>(unknown(member, attempt, e)))
                    .toList();
        }
        if (PostgresFailures.isConnectionLost(e)) {
            drop();
        }
        if (meaning == Meaning.LATE) {
            PostgresSession current = session;
            if (current != null) {
                current.distrustClock();
            }
        }
        if (meaning == Meaning.REFUSED && part.size() > 1) {
            List<Result<AppendOutcome>> results = new ArrayList<>(carryOut(part.subList(0, part.size() / 2)));
            results.addAll(carryOut(part.subList(part.size() / 2, part.size())));
            return results;
        }
        return failed(
                part,
                LOCK_TIMEOUT.equals(e.getSQLState()) ? held(e) : PostgresFailures.known(config.address(), "append", e));
    }

    /** Says who holds the head row, as far as the server lets us see. */
    private PolylogException held(SQLException e) {
        return new StoreUnavailable(
                PostgresFailures.known(config.address(), "append", e).getMessage() + ". The log's head is held by "
                        + PostgresHolder.describe(config, connections),
                e);
    }

    private static List<Result<AppendOutcome>> failed(List<AppendCommand> part, PolylogException e) {
        return part.stream()
                .<Result<AppendOutcome>>map(member -> new Result.Failure<>(e))
                .toList();
    }

    private AppendOutcomeUnknown unknown(AppendCommand member, Attempt attempt, SQLException e) {
        return new AppendOutcomeUnknown(
                member.eventIds(),
                config.address() + ": " + PostgresFailures.message(e),
                e,
                () -> resolve(member, attempt));
    }

    private void announce(List<AppendOutcome> outcomes) {
        long last = 0;
        for (AppendOutcome outcome : outcomes) {
            if (outcome instanceof AppendOutcome.Appended appended
                    && !appended.result().repeated()) {
                last = appended.result().position().low();
            }
        }
        if (last > 0) {
            grown.accept(last);
        }
    }

    /** The session, opened where there is none; first whatever is in doubt is fenced. */
    private PostgresSession session() throws SQLException {
        PostgresSession current = session;
        if (current != null) {
            return current;
        }
        for (Attempt attempt = unfenced.peek(); attempt != null; attempt = unfenced.peek()) {
            fenced(attempt);
            unfenced.remove(attempt);
        }
        current = PostgresSession.open(config, connections);
        session = current;
        if (closed) {
            drop();
            throw new StoreClosed();
        }
        return current;
    }

    private void fenced(Attempt attempt) throws SQLException {
        try (Connection connection = connections.dedicated()) {
            fence.raise(attempt, connection);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable(
                    config.address() + ": interrupted while an earlier attempt was fenced; nothing was written", e);
        }
    }

    private Optional<AppendResult> resolve(AppendCommand command, Attempt attempt) {
        if (closed) {
            throw new StoreClosed();
        }
        try {
            fenced(attempt);
            unfenced.remove(attempt);
            try (Connection connection = connections.dedicated()) {
                return PostgresLookup.find(config, command, connection);
            }
        } catch (SQLException e) {
            throw new StoreUnavailable(
                    config.address() + ": the append in doubt cannot be resolved now: " + PostgresFailures.message(e)
                            + ". Ask again later",
                    e);
        }
    }

    private void drop() {
        PostgresSession current = session;
        session = null;
        if (current != null) {
            current.close();
        }
    }

    /** Refuses what comes, waits for what is in flight, and breaks it off after the bound. */
    void close(Duration bound) {
        closed = true;
        groups.close();
        try {
            if (inFlight.tryLock(bound.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    drop();
                } finally {
                    inFlight.unlock();
                }
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        PostgresSession current = session;
        if (current != null) {
            current.abort();
        }
    }
}
