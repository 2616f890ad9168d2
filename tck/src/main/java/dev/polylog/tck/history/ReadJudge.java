package dev.polylog.tck.history;

import dev.polylog.Direction;
import dev.polylog.spi.LogRead;
import dev.polylog.tck.history.Units.States;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Judges what readers saw: in which states of the log each could see it. Confined to one thread.
 */
final class ReadJudge {

    private final LogIndex log;
    private final Units units;
    private final Order order;
    private final Violations violations;

    ReadJudge(LogIndex log, Units units, Order order, Violations violations) {
        this.log = log;
        this.units = units;
        this.order = order;
        this.violations = violations;
    }

    void judge(Operation operation, Action.ReadStream read, Outcome.StreamSeen seen) {
        States states = units.withVersion(read.stream(), seen.version());
        if (states.isEmpty()) {
            boolean lost = seen.version() > log.stream(read.stream()).size();
            violations.add(
                    lost ? "A-16" : "A-01",
                    lost ? "showed events that the log lost" : "showed a version that the stream never had",
                    operation);
            return;
        }
        if (page(operation, read, seen)) {
            order.metStream(states, operation);
        }
    }

    private boolean page(Operation operation, Action.ReadStream read, Outcome.StreamSeen seen) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        long next = forwards ? Math.max(1, read.from()) : Math.min(read.from(), seen.version());
        for (LogEntry entry : seen.events()) {
            int at = log.at(read.stream(), next);
            if (entry.version() != next || next > seen.version() || at == LogIndex.NONE) {
                violations.add("R-01", "showed " + entry + " where version " + next + " follows", operation);
                return false;
            }
            if (!log.entry(at).equals(entry)) {
                boolean lost = log.first(read.stream(), entry.id()) == LogIndex.NONE;
                violations.add(
                        lost ? "A-16" : "G-01", "showed " + entry + ", but the log has " + log.entry(at), operation);
                return false;
            }
            next += forwards ? 1 : -1;
        }
        boolean ended = forwards ? next > seen.version() : next < 1;
        if (ended != seen.endOfStream()
                || seen.events().size() > read.maxEvents()
                || (seen.events().isEmpty() && !ended)) {
            violations.add("R-02", "the page has the wrong size or is wrong about the stream's end", operation);
            return false;
        }
        return true;
    }

    void judge(Operation operation, LogRead read, Outcome.LogSeen seen) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        int turn = seen.lookedUpTo().compareTo(read.bound());
        if (forwards ? turn < 0 : turn > 0) {
            violations.add("G-05", "looked up to " + seen.lookedUpTo() + ", behind the bound", operation);
        } else if (seen.events().size() > read.maxEvents()) {
            violations.add("G-03", "showed more events than asked for", operation);
        } else if (forwards) {
            forwards(operation, read, seen);
        } else {
            backwards(operation, read, seen);
        }
    }

    private void forwards(Operation operation, LogRead read, Outcome.LogSeen seen) {
        int from = log.firstAfter(read.bound());
        int to = log.firstAfter(seen.lookedUpTo());
        List<Integer> range = matching(read, from, to, seen.events().size() + 1);
        if (common(range, seen.events()) < Math.max(range.size(), seen.events().size())) {
            mismatch(operation, range, seen.events());
            return;
        }
        int lo = from < to ? units.of(to - 1) : 0;
        int hi = seen.atHead() ? units.ofOrEnd(to) - 1 : units.size();
        met(operation, new States(lo, hi));
    }

    private void backwards(Operation operation, LogRead read, Outcome.LogSeen seen) {
        List<LogEntry> ascending = new ArrayList<>(seen.events());
        Collections.reverse(ascending);
        int from = log.firstNotBefore(seen.lookedUpTo());
        List<Integer> range = matching(read, from, log.firstNotBefore(read.bound()), ascending.size() + 1);
        int shown = common(range, ascending);
        if (shown < ascending.size()) {
            mismatch(operation, range, ascending);
            return;
        }
        int lo = shown == 0 ? 0 : units.of(range.get(shown - 1));
        int hi = shown == range.size() ? units.size() : units.of(range.get(shown)) - 1;
        boolean somethingBefore = seen.atHead() && from > 0;
        met(operation, new States(lo, somethingBefore ? Math.min(hi, units.of(0) - 1) : hi));
    }

    private List<Integer> matching(LogRead read, int from, int to, int most) {
        List<Integer> range = new ArrayList<>();
        for (int i = from; i < to && range.size() < most; i++) {
            LogEntry entry = log.entry(i);
            if (read.filter().isAll() || read.filter().matches(entry.stream(), entry.type())) {
                range.add(i);
            }
        }
        return range;
    }

    /** How many entries at the beginning are the same. */
    private int common(List<Integer> range, List<LogEntry> shown) {
        int count = 0;
        while (count < range.size()
                && count < shown.size()
                && log.entry(range.get(count)).equals(shown.get(count))) {
            count++;
        }
        return count;
    }

    private void mismatch(Operation operation, List<Integer> range, List<LogEntry> shown) {
        int at = common(range, shown);
        if (at == shown.size()) {
            violations.add("G-02", "left out " + log.entry(range.get(at)) + " below what it had looked at", operation);
            return;
        }
        LogEntry entry = shown.get(at);
        if (log.first(entry.stream(), entry.id()) == LogIndex.NONE) {
            violations.add("A-16", "showed " + entry + ", which is not in the log", operation);
        } else if (at < range.size()
                && entry.position().isAfter(log.entry(range.get(at)).position())) {
            violations.add("G-02", "left out " + log.entry(range.get(at)) + " below what it showed", operation);
        } else {
            violations.add("G-01", "showed " + entry + " at a place where it does not stand", operation);
        }
    }

    private void met(Operation operation, States states) {
        if (states.isEmpty()) {
            violations.add("A-01", "showed a part of an append, or an end where there was none", operation);
        } else {
            order.metLog(states, operation);
        }
    }
}
