package dev.polylog.tck.history;

import dev.polylog.AppendResult;
import dev.polylog.Position;

/** Compares what an append was told with what the log holds. Stateless. */
final class Results {

    private Results() {}

    /** Whether the result names the streams that were written, and as many versions as there were events. */
    static boolean fits(Action.Append append, AppendResult result) {
        if (result.streams().size() != append.writes().size()) {
            return false;
        }
        for (int i = 0; i < append.writes().size(); i++) {
            Action.Write write = append.writes().get(i);
            AppendResult.Written written = result.streams().get(i);
            if (!written.stream().equals(write.stream())
                    || written.lastVersion() - written.firstVersion() + 1
                            != write.ids().size()) {
                return false;
            }
        }
        return true;
    }

    /** Compares versions and position of an append whose events stand where the result says. */
    static void compare(
            LogIndex log, Operation operation, Action.Append append, AppendResult result, Violations violations) {
        Position last = Position.START;
        for (int i = 0; i < append.writes().size(); i++) {
            AppendResult.Written written = result.streams().get(i);
            if (!log.standsAt(append.writes().get(i), written.firstVersion())) {
                violations.add(
                        "A-02", "the result names other versions of " + written.stream() + " than the log", operation);
                return;
            }
            Position position =
                    log.entry(log.at(written.stream(), written.lastVersion())).position();
            last = position.isAfter(last) ? position : last;
        }
        if (!last.equals(result.position())) {
            violations.add("G-01", "the result names position " + result.position() + ", the log " + last, operation);
        }
    }
}
