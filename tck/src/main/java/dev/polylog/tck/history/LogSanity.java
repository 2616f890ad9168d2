package dev.polylog.tck.history;

import dev.polylog.tck.history.LogIndex.Ints;

/** Judges the final log in itself (rules G-01, A-02). Confined to one thread. */
final class LogSanity {

    private final LogIndex log;
    private final Violations violations;

    LogSanity(LogIndex log, Violations violations) {
        this.log = log;
        this.violations = violations;
    }

    void judge() {
        for (int i = 1; i < log.size(); i++) {
            LogEntry before = log.entry(i - 1);
            LogEntry entry = log.entry(i);
            if (!entry.position().isAfter(before.position())) {
                violations.add("G-01", "in the log " + entry + " follows " + before);
            }
        }
        log.streams().forEach((stream, indexes) -> judge(indexes));
    }

    private void judge(Ints stream) {
        for (int i = 0; i < stream.size(); i++) {
            LogEntry entry = log.entry(stream.get(i));
            if (entry.version() != i + 1L) {
                violations.add("A-02", "in the log " + entry + " stands where version " + (i + 1) + " follows");
                return;
            }
        }
    }
}
