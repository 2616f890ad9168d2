package dev.polylog.tck;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.PolylogException;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.support.ForwardingBackend;
import java.util.ArrayList;
import java.util.List;

/** What a test's handles asked the store to write, and what it answered. Thread-safe. */
final class Journal {

    /** One append. */
    sealed interface Entry {

        AppendCommand command();

        record Acknowledged(AppendCommand command, AppendResult result) implements Entry {}

        record Refused(AppendCommand command) implements Entry {}

        record Unknown(AppendCommand command) implements Entry {}
    }

    private final List<Entry> entries = new ArrayList<>();

    synchronized void add(Entry entry) {
        entries.add(entry);
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    synchronized void clear() {
        entries.clear();
    }

    /** The same backend, with its appends noted here. */
    LogBackend record(LogBackend backend) {
        return new Recorder(backend, this);
    }

    private static final class Recorder extends ForwardingBackend {

        private final Journal journal;

        Recorder(LogBackend backend, Journal journal) {
            super(backend);
            this.journal = journal;
        }

        @Override
        public AppendOutcome append(AppendCommand command) {
            try {
                AppendOutcome outcome = super.append(command);
                journal.add(
                        outcome instanceof AppendOutcome.Appended appended
                                ? new Entry.Acknowledged(command, appended.result())
                                : new Entry.Refused(command));
                return outcome;
            } catch (AppendOutcomeUnknown e) {
                journal.add(new Entry.Unknown(command));
                throw e;
            } catch (PolylogException e) {
                journal.add(new Entry.Refused(command));
                throw e;
            }
        }
    }
}
