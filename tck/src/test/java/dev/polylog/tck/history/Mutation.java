package dev.polylog.tck.history;

import dev.polylog.AppendResult;
import dev.polylog.Position;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.tck.history.SmallHistories.SmallHistory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/** Changes something about a history; whether it is still possible then is for the checkers to say. */
final class Mutation {

    private final SplittableRandom random;

    Mutation(SplittableRandom random) {
        this.random = random;
    }

    SmallHistory of(SmallHistory history) {
        List<Operation> operations = new ArrayList<>(history.operations());
        LogImage log = history.log();
        int times = 1 + random.nextInt(2);
        for (int i = 0; i < times; i++) {
            if (random.nextInt(5) == 0) {
                log = new LogImage(changed(log.entries()), log.start());
            } else {
                int at = random.nextInt(operations.size());
                operations.set(at, changed(operations.get(at), log));
            }
        }
        return new SmallHistory(history.traits(), operations, log);
    }

    private List<LogEntry> changed(List<LogEntry> entries) {
        List<LogEntry> changed = new ArrayList<>(entries);
        if (changed.isEmpty()) {
            return changed;
        }
        int at = random.nextInt(changed.size());
        LogEntry entry = changed.get(at);
        switch (random.nextInt(4)) {
            case 0 -> changed.remove(changed.size() - 1);
            case 1 -> changed.set(at, renamed(entry));
            case 2 -> changed.add(after(entry, changed));
            default -> swap(changed, at);
        }
        return changed;
    }

    private LogEntry renamed(LogEntry entry) {
        return new LogEntry(
                entry.stream(),
                entry.version(),
                entry.position(),
                new UUID(random.nextLong(), random.nextLong()),
                entry.type());
    }

    /** One more entry at the end, with the id of another. */
    private static LogEntry after(LogEntry entry, List<LogEntry> entries) {
        Position last = entries.get(entries.size() - 1).position();
        long version = entries.stream()
                .filter(one -> one.stream().equals(entry.stream()))
                .count();
        return new LogEntry(entry.stream(), version + 1, Position.of(last.low() + 1), entry.id(), entry.type());
    }

    /** Two neighbours change places; where they are of one stream, their ids do. */
    private static void swap(List<LogEntry> entries, int at) {
        if (at == 0) {
            return;
        }
        LogEntry one = entries.get(at - 1);
        LogEntry two = entries.get(at);
        if (one.stream().equals(two.stream())) {
            entries.set(at - 1, new LogEntry(one.stream(), one.version(), one.position(), two.id(), two.type()));
            entries.set(at, new LogEntry(two.stream(), two.version(), two.position(), one.id(), one.type()));
        } else {
            entries.set(at - 1, new LogEntry(two.stream(), two.version(), one.position(), two.id(), two.type()));
            entries.set(at, new LogEntry(one.stream(), one.version(), two.position(), one.id(), one.type()));
        }
    }

    private Operation changed(Operation operation, LogImage log) {
        long invoked = operation.invoked();
        long completed = operation.completed();
        if (random.nextInt(5) < 3) {
            int shift = random.nextInt(21) - 10;
            boolean open = completed == Operation.NEVER;
            return with(operation, invoked + shift, open ? completed : completed + shift, operation.outcome());
        }
        Outcome outcome = changed(operation.outcome(), operation.action(), log);
        boolean open = outcome instanceof Outcome.Unknown;
        boolean wasOpen = completed == Operation.NEVER;
        return with(operation, invoked, open ? Operation.NEVER : wasOpen ? invoked + 2 : completed, outcome);
    }

    private static Operation with(Operation operation, long invoked, long completed, Outcome outcome) {
        return new Operation(operation.number(), operation.client(), invoked, completed, operation.action(), outcome);
    }

    private Outcome changed(Outcome outcome, Action action, LogImage log) {
        if (outcome instanceof Outcome.StreamSeen seen) {
            return changed(seen);
        }
        if (outcome instanceof Outcome.LogSeen seen) {
            return changed(seen);
        }
        if (outcome instanceof Outcome.Resolved) {
            return new Outcome.Resolved(Optional.empty());
        }
        return action instanceof Action.Append append ? answer(append, outcome) : outcome;
    }

    private Outcome changed(Outcome.StreamSeen seen) {
        List<LogEntry> fewer = fewer(seen.events());
        return switch (random.nextInt(4)) {
            case 0 -> new Outcome.StreamSeen(fewer, seen.endOfStream(), seen.version());
            case 1 -> new Outcome.StreamSeen(fewer, true, Math.max(0, seen.version() - 1));
            case 2 -> new Outcome.StreamSeen(seen.events(), false, seen.version() + 1);
            default -> new Outcome.StreamSeen(seen.events(), !seen.endOfStream(), seen.version());
        };
    }

    private Outcome changed(Outcome.LogSeen seen) {
        List<LogEntry> fewer = fewer(seen.events());
        Position last = fewer.isEmpty()
                ? seen.lookedUpTo()
                : fewer.get(fewer.size() - 1).position();
        return switch (random.nextInt(4)) {
            case 0 -> new Outcome.LogSeen(fewer, last, true);
            case 1 -> new Outcome.LogSeen(fewer, last, seen.atHead());
            case 2 -> new Outcome.LogSeen(fewer, seen.lookedUpTo(), seen.atHead());
            default ->
                new Outcome.LogSeen(seen.events(), Position.of(seen.lookedUpTo().low() + 1), !seen.atHead());
        };
    }

    private List<LogEntry> fewer(List<LogEntry> events) {
        if (events.isEmpty()) {
            return events;
        }
        List<LogEntry> fewer = new ArrayList<>(events);
        fewer.remove(random.nextBoolean() ? fewer.size() - 1 : random.nextInt(fewer.size()));
        return Collections.unmodifiableList(fewer);
    }

    private Outcome answer(Action.Append append, Outcome before) {
        Action.Write write = append.writes().get(0);
        return switch (random.nextInt(6)) {
            case 0 -> new Outcome.Unknown();
            case 1 -> new Outcome.Failed("changed");
            case 2 ->
                new Outcome.Decided(
                        new AppendOutcome.Duplicate(write.stream(), write.ids().get(0)));
            case 3 -> repeatedOrNot(before);
            default ->
                new Outcome.Decided(new AppendOutcome.Conflict(
                        write.stream(), append.expectations().get(write.stream()), random.nextInt(4)));
        };
    }

    private static Outcome repeatedOrNot(Outcome before) {
        if (before instanceof Outcome.Decided decided && decided.outcome() instanceof AppendOutcome.Appended appended) {
            AppendResult result = appended.result();
            return new Outcome.Decided(new AppendOutcome.Appended(
                    new AppendResult(result.streams(), result.position(), !result.repeated())));
        }
        return before;
    }
}
