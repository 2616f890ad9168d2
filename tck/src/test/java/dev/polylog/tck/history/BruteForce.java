package dev.polylog.tck.history;

import dev.polylog.AppendResult;
import dev.polylog.Direction;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The same decision as {@link HistoryChecker}, by trying every order in which the operations can have happened: slow, and
 * written so that one can see that it is right.
 */
final class BruteForce {

    private final List<Operation> operations;
    private final List<LogEntry> log;
    private final int start;
    private final BackendTraits traits;
    private final Set<Action.Append> neverWritten = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<StreamId> written = new HashSet<>();
    private final boolean[] done;

    /** An append that is in the log: what it was (null: others wrote it) and where it begins. */
    private record Written(Action.Append append, int first) {}

    private final List<Written> state = new ArrayList<>();
    private int length;
    /** While an append to several streams becomes visible bit by bit: which one, where it began, how far it is. */
    private int growing = -1;

    private int grownFrom;
    private int phase;

    BruteForce(List<Operation> operations, LogImage image, BackendTraits traits) {
        this.operations = operations;
        this.log = image.entries();
        this.start = (int) log.stream()
                .filter(entry -> !entry.position().isAfter(image.start()))
                .count();
        this.length = start;
        this.traits = traits;
        this.done = new boolean[operations.size()];
        for (Operation operation : operations) {
            if (operation.action() instanceof Action.Append append) {
                append.writes().forEach(write -> written.add(write.stream()));
            }
            if (operation.outcome() instanceof Outcome.Resolved resolved
                    && resolved.result().isEmpty()) {
                neverWritten.add(((Action.Resolve) operation.action()).attempt());
            }
        }
    }

    boolean isPossible() {
        return isLogSound() && search();
    }

    private boolean isLogSound() {
        for (int i = 0; i < log.size(); i++) {
            boolean increases =
                    i == 0 || log.get(i).position().isAfter(log.get(i - 1).position());
            StreamId stream = log.get(i).stream();
            long before = log.subList(0, i).stream()
                    .filter(entry -> entry.stream().equals(stream))
                    .count();
            if (!increases || log.get(i).version() != before + 1) {
                return false;
            }
        }
        return true;
    }

    /** Tries everything that can happen next. */
    private boolean search() {
        if (growing < 0 && length == log.size() && onlyUnknownLeft()) {
            return true;
        }
        if (growing >= 0) {
            if (grow()) {
                return true;
            }
        } else if (length < log.size() && !written.contains(log.get(length).stream()) && othersWrite()) {
            return true;
        }
        for (int i = 0; i < operations.size(); i++) {
            if (!done[i] && i != growing && canBeNext(operations.get(i)) && happens(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean onlyUnknownLeft() {
        for (int i = 0; i < done.length; i++) {
            boolean open = operations.get(i).outcome() instanceof Outcome.Unknown;
            if (!done[i] && !open) {
                return false;
            }
        }
        return true;
    }

    /** Nothing that has not happened yet was completed before the operation was invoked. */
    private boolean canBeNext(Operation operation) {
        for (int i = 0; i < done.length; i++) {
            if (!done[i] && operations.get(i).completed() < operation.invoked()) {
                return false;
            }
        }
        return true;
    }

    private boolean othersWrite() {
        state.add(new Written(null, length));
        length++;
        boolean found = search();
        length--;
        state.remove(state.size() - 1);
        return found;
    }

    private boolean happens(int i) {
        Operation operation = operations.get(i);
        if (operation.action() instanceof Action.Append append && writes(operation)) {
            if (growing >= 0 || neverWritten.contains(append) || !canWrite(append, operation)) {
                return false;
            }
            return traits.multiStreamReads() || append.writes().size() == 1 ? write(i, append) : beginToGrow(i, append);
        }
        if (!isTrue(operation)) {
            return false;
        }
        done[i] = true;
        boolean found = search();
        done[i] = false;
        return found;
    }

    private static boolean writes(Operation operation) {
        return operation.outcome() instanceof Outcome.Unknown
                || (operation.outcome() instanceof Outcome.Decided decided
                        && decided.outcome() instanceof AppendOutcome.Appended appended
                        && !appended.result().repeated());
    }

    private boolean write(int i, Action.Append append) {
        done[i] = true;
        state.add(new Written(append, length));
        length += append.size();
        boolean found = search();
        length -= append.size();
        state.remove(state.size() - 1);
        done[i] = false;
        return found;
    }

    private boolean beginToGrow(int i, Action.Append append) {
        growing = i;
        grownFrom = length;
        phase = 1;
        state.add(new Written(append, length));
        length += append.size();
        boolean found = search();
        length -= append.size();
        state.remove(state.size() - 1);
        growing = -1;
        phase = 0;
        return found;
    }

    /** From "stream reads may show it" to "everything else sees it" to "everybody sees it, and the call may return". */
    private boolean grow() {
        int i = growing;
        int before = phase;
        int from = grownFrom;
        if (phase == 1) {
            phase = 2;
        } else {
            growing = -1;
            phase = 0;
            done[i] = true;
        }
        boolean found = search();
        growing = i;
        grownFrom = from;
        phase = before;
        done[i] = false;
        return found;
    }

    /** What everybody sees, and what reads of single streams may see as well. */
    private Set<Integer> lengthsForStreams() {
        return growing >= 0 ? Set.of(grownFrom, length) : Set.of(length);
    }

    private int lengthForLog() {
        return growing >= 0 && phase == 1 ? grownFrom : length;
    }

    private boolean canWrite(Action.Append append, Operation operation) {
        int at = length;
        for (Action.Write write : append.writes()) {
            for (UUID id : write.ids()) {
                if (at >= log.size()
                        || !log.get(at).id().equals(id)
                        || !log.get(at).stream().equals(write.stream())) {
                    return false;
                }
                at++;
            }
        }
        for (Map.Entry<StreamId, ExpectedVersion> entry : append.expectations().entrySet()) {
            if (!entry.getValue().holdsFor(version(entry.getKey(), length))) {
                return false;
            }
        }
        boolean holdsOne = append.writes().stream()
                .anyMatch(write -> write.ids().stream()
                        .anyMatch(id -> ids(write.stream(), length).contains(id)));
        if (mustBeRepeat(append, length)
                || (traits.duplicateDetection() == DuplicateDetection.WHOLE_STREAM && holdsOne)) {
            return false;
        }
        return !(operation.outcome() instanceof Outcome.Decided decided)
                || resultFits(append, ((AppendOutcome.Appended) decided.outcome()).result(), at, length);
    }

    private boolean resultFits(Action.Append append, AppendResult result, int end, int before) {
        List<AppendResult.Written> expected = new ArrayList<>();
        for (Action.Write write : append.writes()) {
            long version = version(write.stream(), before);
            expected.add(new AppendResult.Written(
                    write.stream(), version + 1, version + write.ids().size()));
        }
        return result.streams().equals(expected)
                && result.position().equals(log.get(end - 1).position());
    }

    /** The append was written before as a whole, and stands where it has to be recognised. */
    private boolean mustBeRepeat(Action.Append append, int now) {
        return state.stream()
                .filter(one -> one.first() < now && one.append() != null)
                .anyMatch(one -> one.append().writes().equals(append.writes()) && isRecognised(append, one, now));
    }

    private boolean isRecognised(Action.Append append, Written one, int now) {
        int at = one.first();
        for (Action.Write write : append.writes()) {
            long first = log.get(at).version();
            long last = first + write.ids().size() - 1;
            ExpectedVersion expected = append.expectations().get(write.stream());
            boolean there = expected instanceof ExpectedVersion.Exactly exactly
                    ? first == exactly.version() + 1
                    : expected instanceof ExpectedVersion.NoStream
                            ? first == 1
                            : traits.repeatWindow() == RepeatWindow.UNBOUNDED || version(write.stream(), now) == last;
            if (!there) {
                return false;
            }
            at += write.ids().size();
        }
        return true;
    }

    private List<LogEntry> stream(StreamId stream, int now) {
        return log.subList(0, now).stream()
                .filter(entry -> entry.stream().equals(stream))
                .toList();
    }

    private List<UUID> ids(StreamId stream, int now) {
        return stream(stream, now).stream().map(LogEntry::id).toList();
    }

    private long version(StreamId stream, int now) {
        return stream(stream, now).size();
    }

    private boolean isTrue(Operation operation) {
        Action action = operation.action();
        Outcome outcome = operation.outcome();
        if (outcome instanceof Outcome.Failed) {
            return true;
        }
        if (action instanceof Action.ReadStream read) {
            Outcome.StreamSeen seen = (Outcome.StreamSeen) outcome;
            return lengthsForStreams().stream().anyMatch(now -> isTrue(read, seen, now));
        }
        if (action instanceof Action.ReadAll read) {
            return isTrue(read, (Outcome.LogSeen) outcome, lengthForLog());
        }
        if (action instanceof Action.Resolve resolve) {
            Outcome.Resolved resolved = (Outcome.Resolved) outcome;
            return resolved.result().isEmpty()
                    || stands(resolve.attempt(), resolved.result().get(), lengthForLog());
        }
        Action.Append append = (Action.Append) action;
        AppendOutcome answer = ((Outcome.Decided) outcome).outcome();
        if (answer instanceof AppendOutcome.Appended appended) {
            return stands(append, appended.result(), lengthForLog());
        }
        return answer instanceof AppendOutcome.Conflict conflict
                ? lengthsForStreams().stream().anyMatch(now -> isTrue(append, conflict, now))
                : lengthsForStreams().stream().anyMatch(now -> isTrue(append, (AppendOutcome.Duplicate) answer, now));
    }

    private boolean stands(Action.Append append, AppendResult result, int now) {
        if (result.streams().size() != append.writes().size()) {
            return false;
        }
        Position last = Position.START;
        for (int i = 0; i < append.writes().size(); i++) {
            Action.Write write = append.writes().get(i);
            AppendResult.Written where = result.streams().get(i);
            List<LogEntry> there = stream(write.stream(), now).stream()
                    .filter(entry -> entry.version() >= where.firstVersion() && entry.version() <= where.lastVersion())
                    .toList();
            if (!where.stream().equals(write.stream())
                    || !there.stream().map(LogEntry::id).toList().equals(write.ids())) {
                return false;
            }
            Position position = there.get(there.size() - 1).position();
            last = position.isAfter(last) ? position : last;
        }
        return last.equals(result.position());
    }

    private boolean isTrue(Action.Append append, AppendOutcome.Conflict conflict, int now) {
        ExpectedVersion expected = append.expectations().get(conflict.stream());
        boolean found = false;
        for (Action.Write write : append.writes()) {
            List<UUID> ids = ids(write.stream(), now);
            ExpectedVersion one = append.expectations().get(write.stream());
            int first = one instanceof ExpectedVersion.Exactly exactly
                    ? (int) exactly.version()
                    : one instanceof ExpectedVersion.NoStream ? 0 : ids.size();
            int from = Math.min(first, ids.size());
            List<UUID> looked = traits.duplicateDetection() == DuplicateDetection.WHOLE_STREAM
                    ? ids
                    : ids.subList(from, Math.min(from + write.ids().size(), ids.size()));
            found |= write.ids().stream().anyMatch(looked::contains);
        }
        return conflict.expected().equals(expected)
                && version(conflict.stream(), now) == conflict.actual()
                && !expected.holdsFor(conflict.actual())
                && !mustBeRepeat(append, now)
                && !found;
    }

    private boolean isTrue(Action.Append append, AppendOutcome.Duplicate duplicate, int now) {
        boolean appended = append.writes().stream()
                .anyMatch(write ->
                        write.stream().equals(duplicate.stream()) && write.ids().contains(duplicate.eventId()));
        return appended && ids(duplicate.stream(), now).contains(duplicate.eventId()) && !mustBeRepeat(append, now);
    }

    private boolean isTrue(Action.ReadStream read, Outcome.StreamSeen seen, int now) {
        List<LogEntry> entries = new ArrayList<>(stream(read.stream(), now));
        long version = entries.size();
        entries.removeIf(entry ->
                read.direction() == Direction.FORWARDS ? entry.version() < read.from() : entry.version() > read.from());
        if (read.direction() == Direction.BACKWARDS) {
            Collections.reverse(entries);
        }
        int shown = seen.events().size();
        return seen.version() == version
                && shown <= read.maxEvents()
                && shown <= entries.size()
                && entries.subList(0, shown).equals(seen.events())
                && seen.endOfStream() == (shown == entries.size())
                && (shown > 0 || entries.isEmpty());
    }

    private boolean isTrue(Action.ReadAll read, Outcome.LogSeen seen, int now) {
        boolean forwards = read.request().direction() == Direction.FORWARDS;
        Position bound = read.request().bound();
        Position upTo = seen.lookedUpTo();
        // Forwards nothing may ever appear at or below what was looked at, so the final log is asked, too.
        List<LogEntry> there = looked(log.subList(0, now), read, upTo);
        boolean final_ = !forwards || looked(log, read, upTo).equals(there);
        boolean all = !forwards || unfiltered(log, bound, upTo).equals(unfiltered(log.subList(0, now), bound, upTo));
        boolean beyond = log.subList(0, now).stream()
                .anyMatch(entry -> forwards ? entry.position().isAfter(upTo) : upTo.isAfter(entry.position()));
        boolean turns = forwards ? !bound.isAfter(upTo) : !upTo.isAfter(bound);
        return turns
                && seen.events().size() <= read.request().maxEvents()
                && there.equals(seen.events())
                && final_
                && all
                && !(seen.atHead() && beyond);
    }

    private static List<LogEntry> unfiltered(List<LogEntry> entries, Position bound, Position upTo) {
        return entries.stream()
                .filter(entry ->
                        entry.position().isAfter(bound) && !entry.position().isAfter(upTo))
                .toList();
    }

    private static List<LogEntry> looked(List<LogEntry> entries, Action.ReadAll read, Position upTo) {
        Position bound = read.request().bound();
        boolean forwards = read.request().direction() == Direction.FORWARDS;
        List<LogEntry> looked = new ArrayList<>(entries.stream()
                .filter(entry -> forwards
                        ? entry.position().isAfter(bound) && !entry.position().isAfter(upTo)
                        : bound.isAfter(entry.position()) && !upTo.isAfter(entry.position()))
                .filter(entry -> read.request().filter().matches(entry.stream(), entry.type()))
                .toList());
        if (!forwards) {
            Collections.reverse(looked);
        }
        return looked;
    }
}
