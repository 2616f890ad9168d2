package dev.polylog.kafka;

import dev.polylog.AppendResult;
import dev.polylog.IncompatibleLayout;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.kafka.Decision.Judged;
import dev.polylog.kafka.LogEntry.Origin;
import dev.polylog.kafka.RecordCodec.Reading;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.CellStore.SetOutcome;
import dev.polylog.spi.support.AppendRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each record, from what lies before it in the log and from nothing else: no clock, no configuration, no
 * order of arrival. Every process gets the same answers.
 *
 * <p>The steps for a record:
 *
 * <ol>
 *   <li>What is no record of a log, broken, or of another log, is refused and counted.
 *   <li>The first founding gives the log its id; before it everything is refused.
 *   <li>A record that does not follow the last one of its writer is late: a second copy, or one that was given up behind a
 *       fence. It never has an effect, whatever became of its twin.
 *   <li>A proposal is decided by {@link AppendRules}, a change of a cell by its revision.
 * </ol>
 *
 * <p>For the thread that applies records. Upholds rules, I-01 to I-06, K-01. Throws
 * {@link IncompatibleLayout} at a record that follows newer rules, and {@link ViewsDiffer} where another process decided
 * differently.
 */
final class KafkaRules {

    /** How often the hash of all decisions is kept and compared. */
    static final long HASH_EVERY = 10_000;

    private static final long HASHES_KEPT = 100;

    private KafkaRules() {}

    static Judged apply(LogRecord record, ViewBatch view) {
        keepHash(record, view);
        Reading reading = RecordCodec.read(record.value());
        Judged judged = judge(record, reading, view);
        if (judged.decision() instanceof Decision.Refused) {
            view.refused();
        }
        view.passed(record, reading.checksum(), judged.decision().code());
        return judged;
    }

    private static void keepHash(LogRecord record, ViewBatch view) {
        long boundary = record.offset() / HASH_EVERY * HASH_EVERY;
        if (boundary > 0 && view.lastOffset() < boundary) {
            view.keepHash(boundary, view.hash(), boundary - HASHES_KEPT * HASH_EVERY);
        }
    }

    private static Judged judge(LogRecord record, Reading reading, ViewBatch view) {
        UUID log = view.logId();
        if (reading instanceof Reading.Refused refused) {
            return new Judged(null, new Decision.Refused(refused.reason(), false));
        }
        if (reading instanceof Reading.Newer newer) {
            return newer(record, newer, log);
        }
        Reading.Ours ours = (Reading.Ours) reading;
        if (log == null && ours.entry() instanceof LogEntry.Founding) {
            view.found(ours.origin().logId());
        } else if (log == null || !log.equals(ours.origin().logId())) {
            boolean late = ours.entry() instanceof LogEntry.Founding;
            return new Judged(null, new Decision.Refused("it belongs to another log", log != null && !late));
        }
        return new Judged(ours.origin(), decide(record, ours, view));
    }

    private static Judged newer(LogRecord record, Reading.Newer newer, @Nullable UUID log) {
        if (log != null && !log.equals(newer.logId())) {
            return new Judged(null, new Decision.Refused("it belongs to another log", true));
        }
        throw new IncompatibleLayout(
                "the record at offset " + record.offset() + " follows rules of version "
                        + newer.version() + "; this software knows version " + RecordCodec.RULES
                        + ". Use the version of Polylog that wrote it, or a later one",
                null);
    }

    private static Decision decide(LogRecord record, Reading.Ours ours, ViewBatch view) {
        Origin origin = ours.origin();
        ViewBatch.WriterMark last = view.writer(origin.writer());
        if (last != null && !last.isBefore(origin.epoch(), origin.sequence())) {
            return new Decision.Late();
        }
        view.writer(origin.writer(), origin.epoch(), origin.sequence());
        LogEntry entry = ours.entry();
        if (entry instanceof LogEntry.Proposal proposal) {
            return new Decision.Append(append(record, proposal, view));
        }
        if (entry instanceof LogEntry.CellChange change) {
            return new Decision.Cell(set(change, view));
        }
        if (entry instanceof LogEntry.Divergence) {
            view.diverged();
        } else if (entry instanceof LogEntry.StateHash theirs) {
            compare(origin, theirs, view);
        }
        return new Decision.Noted();
    }

    private static void compare(Origin origin, LogEntry.StateHash theirs, ViewBatch view) {
        Long ours = view.keptHash(theirs.offset());
        if (ours != null && ours != theirs.hash()) {
            throw new ViewsDiffer(theirs.offset(), origin.writer());
        }
    }

    private static AppendOutcome append(LogRecord record, LogEntry.Proposal proposal, ViewBatch view) {
        AppendCommand command = proposal.command();
        AppendRules.Decision decision = AppendRules.decide(command, view);
        if (decision instanceof AppendRules.Decision.Refuse refuse) {
            return refuse.outcome();
        }
        if (decision instanceof AppendRules.Decision.Repeat repeat) {
            return repeated(command, repeat.firstVersions(), view::position);
        }
        AppendRules.Decision.Write write = (AppendRules.Decision.Write) decision;
        view.add(record, RecordCodec.body(Objects.requireNonNull(record.value())), command, write.firstVersions());
        Position last = new Position(record.offset(), command.eventCount() - 1L);
        return new AppendOutcome.Appended(new AppendResult(written(command, write.firstVersions()), last, false));
    }

    /** The answer to a repeat: where the events stand since the first time. */
    static AppendOutcome repeated(
            AppendCommand command, Map<StreamId, Long> first, BiFunction<StreamId, Long, Position> positions) {
        List<AppendResult.Written> written = written(command, first);
        Position last = Position.START;
        for (AppendResult.Written part : written) {
            Position here = positions.apply(part.stream(), part.lastVersion());
            last = here.isAfter(last) ? here : last;
        }
        return new AppendOutcome.Appended(new AppendResult(written, last, true));
    }

    private static List<AppendResult.Written> written(AppendCommand command, Map<StreamId, Long> firstVersions) {
        List<AppendResult.Written> written = new ArrayList<>(command.writes().size());
        for (StreamWrite part : command.writes()) {
            long first = firstVersions.getOrDefault(part.stream(), 0L);
            written.add(new AppendResult.Written(
                    part.stream(), first, first + part.events().size() - 1));
        }
        return written;
    }

    private static SetOutcome set(LogEntry.CellChange change, ViewBatch view) {
        long actual = view.revision(change.name());
        if (actual != change.expectedRevision()) {
            return new SetOutcome.Mismatch(actual);
        }
        view.set(change.name(), actual + 1, change.value());
        return new SetOutcome.Done(actual + 1);
    }
}
