package dev.polylog.tck.history;

import dev.polylog.ExpectedVersion;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import dev.polylog.tck.history.LogIndex.Ints;
import dev.polylog.tck.history.Units.States;
import dev.polylog.tck.history.Units.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * In which states of the log an append is an exact repeat that has to be recognised (rules I-01, I-02). Confined to one
 * thread.
 *
 * <p>Only appends of the history count as what is repeated: of events that were there before, nobody knows in which
 * appends they came.
 */
final class Repeats {

    private final LogIndex log;
    private final Units units;
    private final RepeatWindow window;

    Repeats(LogIndex log, Units units, RepeatWindow window) {
        this.log = log;
        this.units = units;
        this.window = window;
    }

    /** The version that a write has to find exactly; -1 where it expects none. */
    static long exactVersion(Action.Append append, Action.Write write) {
        ExpectedVersion expected = append.expectations().get(write.stream());
        if (expected instanceof ExpectedVersion.Exactly exactly) {
            return exactly.version();
        }
        return expected instanceof ExpectedVersion.NoStream ? 0 : -1;
    }

    boolean demandedIn(Action.Append append, int state) {
        return windows(append).stream().anyMatch(states -> states.lo() <= state && state <= states.hi());
    }

    /** These states without those in which a repeat would have been recognised; a hole inside of them stays. */
    States without(Action.Append append, States states) {
        States left = states;
        List<States> windows = windows(append);
        for (States taken : windows) {
            if (taken.lo() <= left.lo()) {
                left = left.atLeast(taken.hi() + 1);
            }
        }
        Collections.reverse(windows);
        for (States taken : windows) {
            if (taken.hi() >= left.hi()) {
                left = left.atMost(taken.lo() - 1);
            }
        }
        return left;
    }

    /** The states in which the append is a repeat, one window for each time that it was written, in their order. */
    private List<States> windows(Action.Append append) {
        List<States> windows = new ArrayList<>();
        Action.Write first = append.writes().get(0);
        for (int at = log.last(first.ids().get(0)); at != LogIndex.NONE; at = log.previous(at)) {
            int number = units.of(at);
            if (number != Units.BEFORE && isRepeat(append, first, at, units.unit(number))) {
                windows.add(new States(number, lastState(append, at)));
            }
        }
        Collections.reverse(windows);
        return windows;
    }

    private boolean isRepeat(Action.Append append, Action.Write first, int at, Unit unit) {
        Action.Append written = unit.append();
        if (unit.first() != at || written == null || !written.writes().equals(append.writes())) {
            return false;
        }
        int entry = at;
        for (Action.Write write : append.writes()) {
            long version = exactVersion(append, write);
            if (version >= 0 && log.entry(entry).version() != version + 1) {
                return false;
            }
            entry += write.ids().size();
        }
        return log.entry(at).stream().equals(first.stream());
    }

    private int lastState(Action.Append append, int at) {
        int last = units.size();
        int entry = at;
        for (Action.Write write : append.writes()) {
            entry += write.ids().size();
            if (window == RepeatWindow.UNTIL_NEXT_APPEND && exactVersion(append, write) < 0) {
                Ints stream = log.stream(write.stream());
                int next = (int) log.entry(entry - 1).version();
                last = next < stream.size() ? Math.min(last, units.of(stream.get(next)) - 1) : last;
            }
        }
        return last;
    }
}
