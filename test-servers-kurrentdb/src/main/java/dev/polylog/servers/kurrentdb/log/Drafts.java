package dev.polylog.servers.kurrentdb.log;

import dev.polylog.servers.kurrentdb.log.Proposal.Event;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Turns a change into records and an outcome. What it decides is added to the streams at once, so that the next change
 * sees it, but is not shown to readers before it is durable. For one thread at a time.
 */
final class Drafts {

    private final Streams streams;
    private final IdCache ids;
    private final LongSupplier ticks;
    private final List<LogRecord> drafted = new ArrayList<>();
    private long end;

    Drafts(Streams streams, IdCache ids, LongSupplier ticks, long end) {
        this.streams = streams;
        this.ids = ids;
        this.ticks = ticks;
        this.end = end;
    }

    /** Where the log ends with everything that was drafted. */
    long end() {
        return end;
    }

    /** The records since the last call. */
    List<LogRecord> take() {
        List<LogRecord> taken = List.copyOf(drafted);
        drafted.clear();
        return taken;
    }

    Outcome apply(Change change) {
        if (change instanceof Change.Append append) {
            return append(append.proposals());
        }
        return change instanceof Change.Delete delete
                ? delete(delete.stream(), delete.expected())
                : tombstone((Change.Tombstone) change);
    }

    private Outcome append(List<Proposal> proposals) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Proposal proposal : proposals) {
            Verdict verdict = check(proposal.stream(), proposal.expected(), proposal.events());
            if (verdict instanceof Verdict.WrongVersion wrong) {
                return new Outcome.WrongVersion(proposal, wrong.current());
            }
            if (verdict instanceof Verdict.Deleted) {
                return new Outcome.Deleted(proposal.stream());
            }
            verdicts.add(verdict);
        }
        boolean repeats = verdicts.stream().anyMatch(Verdict.Repeat.class::isInstance);
        if (repeats && verdicts.stream().anyMatch(Verdict.Write.class::isInstance)) {
            return new Outcome.Mixed();
        }
        return repeats ? repeat(proposals, verdicts) : write(proposals, verdicts);
    }

    private Verdict check(String stream, long expected, List<Event> events) {
        return CommitCheck.decide(streams.view(stream, ids), expected, events);
    }

    private Outcome repeat(List<Proposal> proposals, List<Verdict> verdicts) {
        List<Long> lasts = new ArrayList<>();
        long position = -1;
        for (int i = 0; i < verdicts.size(); i++) {
            String stream = proposals.get(i).stream();
            long last = ((Verdict.Repeat) verdicts.get(i)).last();
            lasts.add(last);
            LogRecord event = streams.at(stream, last);
            boolean readable = event != null
                    && last
                            >= streams.retention(stream, Long.MAX_VALUE)
                                    .firstShown(streams.last(stream, Long.MAX_VALUE));
            position = event != null && readable ? Math.max(position, event.position()) : position;
        }
        return new Outcome.Done(lasts, position);
    }

    private Outcome write(List<Proposal> proposals, List<Verdict> verdicts) {
        List<Long> lasts = new ArrayList<>();
        long position = -1;
        for (int i = 0; i < verdicts.size(); i++) {
            Proposal proposal = proposals.get(i);
            long first = ((Verdict.Write) verdicts.get(i)).first();
            revive(proposal.stream(), first);
            // A write without events leaves a record that nobody sees, and the revision as it was.
            position = end;
            end += proposal.events().isEmpty() ? LogRecord.size(proposal.stream(), "", 0) : 0;
            for (int e = 0; e < proposal.events().size(); e++) {
                Event event = proposal.events().get(e);
                position = add(proposal.stream(), first + e, event);
                ids.written(event.id(), proposal.stream(), first + e);
            }
            lasts.add(first + proposal.events().size() - 1);
        }
        return new Outcome.Done(lasts, position);
    }

    /** Writing to a deleted stream shows it again, from the next revision on. */
    private void revive(String stream, long first) {
        if (streams.retention(stream, Long.MAX_VALUE).isDeleted()) {
            setMetadata(stream, String.format(Locale.ROOT, "{\"$tb\":%d}", first));
        }
    }

    private long setMetadata(String stream, String json) {
        String metadata = "$$" + stream;
        return add(metadata, streams.last(metadata, Long.MAX_VALUE) + 1, system(LogRecord.METADATA_TYPE, json));
    }

    private static Event system(String type, String json) {
        return new Event(UUID.randomUUID(), type, true, new byte[0], json.getBytes(StandardCharsets.UTF_8));
    }

    private long add(String stream, long revision, Event event) {
        LogRecord added = new LogRecord(
                end,
                stream,
                revision,
                event.id(),
                event.type(),
                event.json(),
                ticks.getAsLong(),
                event.metadata(),
                event.data());
        streams.add(added);
        drafted.add(added);
        end += added.size();
        return added.position();
    }

    private Outcome delete(String stream, long expected) {
        Verdict verdict = check(stream, expected, List.of());
        if (verdict instanceof Verdict.Deleted) {
            return new Outcome.Deleted(stream);
        }
        boolean nothing = streams.last(stream, Long.MAX_VALUE) < 0 && !streams.hasMetadata(stream, Long.MAX_VALUE);
        if (verdict instanceof Verdict.WrongVersion || nothing) {
            return wrong(stream, expected);
        }
        return new Outcome.Done(List.of(streams.last(stream, Long.MAX_VALUE)), setMetadata(stream, Retention.DELETED));
    }

    private Outcome wrong(String stream, long expected) {
        return new Outcome.WrongVersion(
                new Proposal(stream, expected, List.of()), streams.last(stream, Long.MAX_VALUE));
    }

    private Outcome tombstone(Change.Tombstone change) {
        Verdict verdict = check(change.stream(), change.expected(), List.of());
        if (verdict instanceof Verdict.Deleted) {
            return new Outcome.Deleted(change.stream());
        }
        if (verdict instanceof Verdict.WrongVersion) {
            return wrong(change.stream(), change.expected());
        }
        long position = add(change.stream(), LogRecord.DELETED_REVISION, system(LogRecord.DELETED_TYPE, ""));
        return new Outcome.Done(List.of(LogRecord.DELETED_REVISION), position);
    }
}
