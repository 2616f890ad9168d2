package dev.polylog.sqlite;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.Position;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.support.AppendRules;
import dev.polylog.spi.support.AppendRules.Decision;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The append path.
 *
 * <ol>
 *   <li>The caller's thread puts its events into the form of rows, beside whoever commits.
 *   <li>{@link SqliteWriter} begins a transaction that nobody else can write beside, for this append and those that came
 *       at the same time.
 *   <li>{@link AppendRules} decides from what the streams hold inside the transaction, appends earlier in the group
 *       included: repeat, duplicate, conflict, or write.
 *   <li>What is to be written gets the next positions and is inserted at once.
 *   <li>The transaction is committed; its members are answered.
 *   <li>Where COMMIT leaves it open whether they were written, each gets {@link AppendOutcomeUnknown}. Resolving it
 *       commits another transaction first, after which a late attempt cannot come back, and looks inside that one.
 * </ol>
 *
 * <p>Thread-safe. Rules, I-01 to I-06.
 */
final class SqliteAppender {

    private final SqliteWriter writer;

    SqliteAppender(SqliteWriter writer) {
        this.writer = writer;
    }

    AppendOutcome append(AppendCommand command) {
        Appending work = new Appending(command);
        writer.write(work);
        return work.outcome();
    }

    private Optional<AppendResult> resolve(AppendCommand command) {
        Resolving work = new Resolving(command);
        writer.write(work);
        return Optional.ofNullable(work.result);
    }

    private static AppendResult result(
            AppendCommand command, Map<StreamId, Long> firstVersions, long position, boolean repeated) {
        List<AppendResult.Written> written = new ArrayList<>(firstVersions.size());
        for (StreamWrite write : command.writes()) {
            long first = firstVersions.getOrDefault(write.stream(), 0L);
            written.add(new AppendResult.Written(
                    write.stream(), first, first + write.events().size() - 1));
        }
        return new AppendResult(written, Position.of(position), repeated);
    }

    /** The position of an append's last event, which its last write's last event has. */
    private static long position(
            AppendCommand command, Map<StreamId, Long> firstVersions, SqliteTransaction transaction)
            throws SQLException {
        long position = 0;
        for (StreamWrite write : command.writes()) {
            long last = firstVersions.getOrDefault(write.stream(), 0L)
                    + write.events().size()
                    - 1;
            position = Math.max(position, transaction.position(write.stream(), last));
        }
        return position;
    }

    /** An append on its way through a transaction. */
    private final class Appending implements SqliteWork {

        private final AppendCommand command;

        /** For each write its rows. */
        private final List<List<SqliteRow>> rows;

        private @Nullable AppendOutcome outcome;

        Appending(AppendCommand command) {
            this.command = command;
            this.rows = command.writes().stream()
                    .map(write -> SqliteRow.of(write.events()))
                    .toList();
        }

        @Override
        public Effect carryOut(SqliteTransaction transaction) throws SQLException {
            Decision decision = AppendRules.decide(command, transaction);
            if (decision instanceof Decision.Refuse refuse) {
                outcome = refuse.outcome();
                return Effect.NOTHING;
            }
            if (decision instanceof Decision.Repeat repeat) {
                long position = position(command, repeat.firstVersions(), transaction);
                outcome = new AppendOutcome.Appended(result(command, repeat.firstVersions(), position, true));
                return Effect.NOTHING;
            }
            for (int i = 0; i < rows.size(); i++) {
                transaction.insert(command.writes().get(i).stream(), rows.get(i));
            }
            outcome = new AppendOutcome.Appended(
                    result(command, ((Decision.Write) decision).firstVersions(), transaction.lastPosition(), false));
            return Effect.WRITTEN;
        }

        @Override
        public RuntimeException unknown(SQLException cause) {
            return new AppendOutcomeUnknown(
                    command.eventIds(), "COMMIT failed: " + cause.getMessage(), cause, () -> resolve(command));
        }

        AppendOutcome outcome() {
            AppendOutcome decided = outcome;
            if (decided == null) {
                throw new IllegalStateException("an append was committed without an outcome");
            }
            return decided;
        }
    }

    /** Fences a late attempt, then looks for the append. */
    private static final class Resolving implements SqliteWork {

        private final AppendCommand command;
        private @Nullable AppendResult result;

        Resolving(AppendCommand command) {
            this.command = command;
        }

        @Override
        public Effect carryOut(SqliteTransaction transaction) throws SQLException {
            transaction.fence();
            Map<StreamId, Long> firstVersions = new LinkedHashMap<>();
            for (StreamWrite write : command.writes()) {
                List<UUID> ids = write.events().stream().map(EventData::id).toList();
                long first = transaction.search(write.stream(), ids.get(0));
                if (first > 0
                        && transaction.ids(write.stream(), first, ids.size()).equals(ids)) {
                    firstVersions.put(write.stream(), first);
                }
            }
            boolean whole = firstVersions.size() == command.writes().size();
            result =
                    whole ? result(command, firstVersions, position(command, firstVersions, transaction), false) : null;
            return Effect.WRITTEN;
        }

        @Override
        public RuntimeException unknown(SQLException cause) {
            return new StoreUnavailable(
                    "the append in doubt cannot be resolved now: COMMIT failed: " + cause.getMessage()
                            + ". Ask again later",
                    cause);
        }
    }
}
