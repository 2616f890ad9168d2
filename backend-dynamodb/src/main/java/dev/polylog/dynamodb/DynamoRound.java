package dev.polylog.dynamodb;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.ExpectedVersion;
import dev.polylog.PolylogException;
import dev.polylog.Position;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.dynamodb.DynamoCalls.Patience;
import dev.polylog.dynamodb.DynamoGroup.Member;
import dev.polylog.dynamodb.DynamoGroup.Slot;
import dev.polylog.dynamodb.DynamoTransactions.Place;
import dev.polylog.dynamodb.DynamoTransactions.Verdict;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.support.AppendRules;
import dev.polylog.spi.support.AppendRules.Decision;
import dev.polylog.spi.support.GroupCommit.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Carries appends out that were handed in together, in as many attempts as it takes; each gets its own outcome.
 *
 * <ol>
 *   <li>Each append is decided by what is remembered of its streams. One that would be refused by memory is decided again by
 *       what the streams hold now. One whose refusal would depend on a neighbour of the same group waits for the next.
 *   <li>Those that may be written make a group, as many as one transaction takes, which is attempted behind the known tail.
 *   <li>Committed: their places are known. The tail was lost to another process: once more behind the new tail, after a
 *       while in turns ({@link DynamoTurns}). The end of a
 *       stream was not as remembered: only its appends are decided anew, their neighbours go on at once. DynamoDB refuses an
 *       append: it alone fails.
 *   <li>An attempt that is not known to be dead is looked for in the log before its appends go into another; at the end of
 *       the time its appends are in doubt.
 * </ol>
 *
 * <p>Confined to one thread. Rules, I-01 to I-06.
 */
final class DynamoRound {

    private final DynamoAppender.Rooms rooms;
    private final List<AppendCommand> commands;
    private final Map<Integer, Result<AppendOutcome>> results = new HashMap<>();
    private final TreeSet<Integer> pending = new TreeSet<>();
    private final Set<StreamId> notToAssume = new HashSet<>();
    private final List<DynamoAttempt> limbo = new ArrayList<>();
    private final Patience patience;
    private int mostMembers = DynamoGroup.MOST_SLOTS;
    private int setbacks;

    DynamoRound(DynamoAppender.Rooms rooms, List<AppendCommand> commands) {
        this.rooms = rooms;
        this.commands = commands;
        this.patience = rooms.calls().patience();
        for (int i = 0; i < commands.size(); i++) {
            pending.add(i);
        }
    }

    List<Result<AppendOutcome>> run() {
        try {
            while (!pending.isEmpty()) {
                rooms.calls().requireOpen();
                DynamoTail tail = turn();
                lookForLimbo(tail);
                DynamoGroup group = plan();
                if (!group.isEmpty()) {
                    DynamoAttempt attempt =
                            DynamoAttempt.of(group, tail, rooms.calls().surroundings());
                    judge(attempt, rooms.transactions().send(attempt, patience));
                }
            }
        } catch (RuntimeException e) {
            // Some may have been written before: each gets what is true of it.
            fail(e);
        } finally {
            patience.restoreInterrupt();
        }
        return List.copyOf(new TreeMap<>(results).values());
    }

    /** The tail behind which the next attempt goes; waits where others are to go first. */
    private DynamoTail turn() {
        while (true) {
            DynamoTail tail = rooms.tail();
            if (setbacks >= DynamoTurns.MOST_SETBACKS && !rooms.turns().isQueued(tail)) {
                rooms.turns().queue(patience);
                tail = rooms.tail();
            }
            if (rooms.turns().mayGo(tail)) {
                return tail;
            }
            rooms.turns().letGo(patience);
            setbacks++;
        }
    }

    /** Whoever goes on behind a tail knows first what became of the earlier attempts that may have moved it. */
    private void lookForLimbo(DynamoTail tail) {
        for (DynamoAttempt attempt : List.copyOf(limbo)) {
            if (attempt.number() <= tail.group()) {
                limbo.remove(attempt);
                if (rooms.resolver().isInLog(attempt)) {
                    committed(attempt);
                }
            }
        }
    }

    private DynamoGroup plan() {
        DynamoGroup group = new DynamoGroup();
        for (int number : List.copyOf(pending)) {
            if (group.members().size() >= mostMembers || !decide(number, group)) {
                break;
            }
        }
        return group;
    }

    /** Puts an append into the group or settles it; false where the group is full. */
    private boolean decide(int number, DynamoGroup group) {
        AppendCommand command = commands.get(number);
        DynamoView view = new DynamoView(group.ends(), stream -> remembered(command, stream), rooms.reader());
        Decision decision = AppendRules.decide(command, view);
        if (!(decision instanceof Decision.Write) && !view.touchedGroup()) {
            view = new DynamoView(group.ends(), this::settled, rooms.reader());
            decision = AppendRules.decide(command, view);
        }
        if (decision instanceof Decision.Write write) {
            return group.add(number, command, write.firstVersions(), view);
        }
        if (!view.touchedGroup()) {
            settle(number, new Result.Outcome<>(answer(command, decision)));
        }
        return true;
    }

    /** Who expects no stream may try without looking: the place of the first event is known. */
    private StreamEnd remembered(AppendCommand command, StreamId stream) {
        return rooms.memory().get(stream).orElseGet(() -> {
            boolean none =
                    ExpectedVersion.noStream().equals(command.expectations().get(stream));
            if (none && !notToAssume.contains(stream)) {
                return StreamEnd.NONE;
            }
            StreamEnd end = StreamEnd.of(rooms.streams().seen(stream));
            rooms.memory().put(stream, end);
            return end;
        });
    }

    /** What is remembered may still be true: one look behind it tells. */
    private StreamEnd settled(StreamId stream) {
        return rooms.memory()
                .get(stream)
                .filter(end -> rooms.streams().isEnd(stream, end.version(), end.group()))
                .orElseGet(() -> {
                    StreamEnd end = StreamEnd.of(rooms.streams().settled(stream));
                    rooms.memory().put(stream, end);
                    return end;
                });
    }

    private AppendOutcome answer(AppendCommand command, Decision decision) {
        if (decision instanceof Decision.Refuse refuse) {
            return refuse.outcome();
        }
        Map<StreamId, Long> first = ((Decision.Repeat) decision).firstVersions();
        List<AppendResult.Written> written = new ArrayList<>();
        Position position = Position.START;
        for (AppendCommand.StreamWrite write : command.writes()) {
            long begin = first.getOrDefault(write.stream(), 1L);
            long last = begin + write.events().size() - 1;
            written.add(new AppendResult.Written(write.stream(), begin, last));
            Position there = rooms.positionOf(write.stream(), last);
            position = there.isAfter(position) ? there : position;
        }
        return new AppendOutcome.Appended(new AppendResult(written, position, true));
    }

    private void judge(DynamoAttempt attempt, Verdict verdict) {
        if (verdict instanceof Verdict.Committed) {
            committed(attempt);
        } else if (verdict instanceof Verdict.Cancelled cancelled) {
            cancelled(attempt, cancelled);
        } else if (verdict instanceof Verdict.Undecided undecided) {
            undecided(attempt, undecided);
        }
    }

    private void committed(DynamoAttempt attempt) {
        rooms.committed(attempt);
        setbacks = 0;
        limbo.removeIf(other -> other.number() <= attempt.number());
        for (Member member : attempt.group().members()) {
            settle(member.number(), new Result.Outcome<>(new AppendOutcome.Appended(member.result(attempt.number()))));
        }
    }

    private void cancelled(DynamoAttempt attempt, Verdict.Cancelled cancelled) {
        if (!cancelled.isDead()) {
            limbo.add(attempt);
        }
        List<Slot> slots = attempt.group().slots();
        for (int index : cancelled.failedSlots()) {
            DynamoLayout.stream(slots.get(index).key()).ifPresent(stream -> {
                rooms.memory().forget(stream);
                notToAssume.add(stream);
            });
        }
        cancelled.poisonousSlots().forEach(index -> poisonous(attempt, index));
        switch (cancelled.place()) {
            case TAKEN -> lost(cancelled);
            case NOT_OURS_YET -> rooms.tailMoved(cancelled.tail());
            case HELD, FREE -> busy(cancelled);
        }
    }

    /** Another transaction has an item of ours, or the table is asked for too much; or nothing hinders the neighbours. */
    private void busy(Verdict.Cancelled cancelled) {
        setbacks += cancelled.place() == Place.HELD ? 1 : 0;
        if (!cancelled.failedSlots().isEmpty() || !cancelled.poisonousSlots().isEmpty()) {
            return;
        }
        if (patience.isOver()) {
            throw new StoreUnavailable(
                    rooms.calls().address()
                            + ": others wrote the same items, or too much, all the time. Try again later",
                    null);
        }
        patience.pause();
    }

    private void lost(Verdict.Cancelled cancelled) {
        setbacks++;
        rooms.tailMoved(cancelled.tail());
        if (patience.isOver()) {
            lookForLimbo(rooms.tail());
            throw new StoreUnavailable(
                    rooms.calls().address() + ": other processes were quicker all the time. Try again later", null);
        }
    }

    /** DynamoDB does not take an item: those who need it fail, and nobody else. */
    private void poisonous(DynamoAttempt attempt, int index) {
        List<Slot> slots = attempt.group().slots();
        Set<Integer> members = index < slots.size()
                ? slots.get(index).members()
                : new HashSet<>(
                        attempt.group().members().stream().map(Member::number).toList());
        members.forEach(number -> settle(
                number,
                new Result.Failure<>(new StoreUnavailable(
                        rooms.calls().address() + ": DynamoDB refuses an item of this append; nothing was written",
                        null))));
    }

    private void undecided(DynamoAttempt attempt, Verdict.Undecided undecided) {
        if (undecided.sent()) {
            limbo.add(attempt);
        }
        int members = attempt.group().members().size();
        boolean refused = DynamoFailures.of(undecided.failure()) == DynamoFailures.Meaning.REFUSED;
        if (refused && !undecided.sent() && members > 1 && !DynamoFailures.isDenied(undecided.failure())) {
            mostMembers = members / 2;
            return;
        }
        PolylogException failure = rooms.calls().known("append", undecided.failure());
        if (refused && !undecided.sent() && members == 1) {
            settle(attempt.group().members().get(0).number(), new Result.Failure<>(failure));
            mostMembers = DynamoGroup.MOST_SLOTS;
            return;
        }
        throw failure;
    }

    private void settle(int number, Result<AppendOutcome> result) {
        if (pending.remove(number)) {
            results.put(number, result);
        }
    }

    /** Nothing more can be done now: who may have been written is in doubt, for everybody else nothing was written. */
    private void fail(RuntimeException e) {
        for (int number : List.copyOf(pending)) {
            List<DynamoAttempt> attempts = limbo.stream()
                    .filter(attempt -> attempt.group().members().stream().anyMatch(member -> member.number() == number))
                    .toList();
            settle(number, new Result.Failure<>(attempts.isEmpty() ? e : unknown(number, attempts, e)));
        }
    }

    private AppendOutcomeUnknown unknown(int number, List<DynamoAttempt> attempts, RuntimeException e) {
        return new AppendOutcomeUnknown(
                commands.get(number).eventIds(),
                String.valueOf(e.getMessage()),
                e,
                () -> rooms.resolver().resolve(number, attempts));
    }
}
