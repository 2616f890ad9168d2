package dev.polylog.cli.transfer;

import dev.polylog.Append;
import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.AsyncEventStore;
import dev.polylog.DuplicateEvent;
import dev.polylog.EventStore;
import dev.polylog.InvalidAppend;
import dev.polylog.PolylogException;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.VersionConflict;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Interruption;
import dev.polylog.copy.ContentDigest;
import dev.polylog.spi.support.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches so that a batch that was written before, by this import or another, is found to be there and never
 * written twice.
 *
 * <ol>
 *   <li>Append the batch, each stream expected to be exactly as long as the file says.
 *   <li>An exact repeat, a conflict or a duplicate: read what the streams hold at these places. Events that are there
 *       are compared with the file's, content and all; another event there ends the import. What is missing is
 *       appended, beginning anew with step 1.
 *   <li>A batch that breaks a rule is halved until the line that breaks it is alone; that line is reported.
 *   <li>A store that cannot be reached, or does not know what became of the append, is asked again with the same
 *       append, a few times.
 * </ol>
 *
 * <p>A batch may be {@linkplain #send sent}: it is appended while the caller goes on, and whoever wants to know what
 * became of it, or appends the next one, waits for it first. So there is never more than one on its way, and the order of
 * batches is kept. For one thread, which has to close it.
 */
final class BatchWriter implements AutoCloseable {

    private static final int ATTEMPTS = 6;
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    private final EventStore store;
    private final Versions versions;
    private final BrokenLines broken;
    private final Interruption interruption;
    private final ContentDigest digest = new ContentDigest();
    private final ExecutorService appender =
            Executors.newSingleThreadExecutor(task -> new Thread(task, "polylog-import-appender"));
    private final AsyncEventStore async;

    /** Events that count but are not in the digest yet: that can be done while the next ones are appended. */
    private final List<Counted> undigested = new ArrayList<>();

    private @Nullable Sent sent;
    private long stored;
    private long alreadyThere;

    BatchWriter(EventStore store, Versions versions, BrokenLines broken, Interruption interruption) {
        this.store = store;
        this.async = store.async(appender);
        this.versions = versions;
        this.broken = broken;
        this.interruption = interruption;
    }

    /** A batch on its way. */
    private record Sent(List<ImportLine.Parsed> lines, Future<AppendResult> answer) {}

    private record Counted(ImportLine.Parsed line, long version) {}

    long stored() {
        return stored;
    }

    long alreadyThere() {
        return alreadyThere;
    }

    String digest() {
        digestCounted();
        return digest.hex();
    }

    private void digestCounted() {
        for (Counted counted : undigested) {
            digest.add(
                    counted.line().stream(), counted.version(), counted.line().event());
        }
        undigested.clear();
    }

    /** Counts a line whose event was seen in the store, where the file says. */
    void found(ImportLine.Parsed line) {
        count(line);
        alreadyThere++;
    }

    private void count(ImportLine.Parsed line) {
        undigested.add(new Counted(line, versions.next(line.stream())));
    }

    private void written(List<ImportLine.Parsed> lines) {
        lines.forEach(this::count);
        stored += lines.size();
    }

    /** Appends a batch while the caller goes on; the one before is there, or ended the import. */
    void send(List<ImportLine.Parsed> lines) {
        settle();
        if (!lines.isEmpty()) {
            sent = new Sent(lines, async.append(Batch.append(lines, versions)));
            digestCounted();
        }
    }

    /** Waits for what is on its way. */
    void settle() {
        Sent before = sent;
        sent = null;
        if (before == null) {
            return;
        }
        boolean unknown = false;
        try {
            if (!before.answer().get().repeated()) {
                written(before.lines());
                return;
            }
        } catch (ExecutionException e) {
            // Whatever it was, the same append fails so again, or is found to be there.
            unknown = e.getCause() instanceof AppendOutcomeUnknown;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while a batch was being appended", e);
        }
        append(before.lines(), unknown);
    }

    /** Appends a batch after what is on its way, and waits for it. */
    void write(List<ImportLine.Parsed> lines) {
        settle();
        append(lines, false);
    }

    private void append(List<ImportLine.Parsed> lines, boolean inDoubt) {
        if (lines.isEmpty()) {
            return;
        }
        try {
            if (append(Batch.append(lines, versions), inDoubt)) {
                written(lines);
            } else {
                writeMissing(lines, present(lines));
            }
        } catch (InvalidAppend e) {
            isolate(lines, String.join("; ", e.problems()).replace("event 1: ", ""));
        } catch (VersionConflict | DuplicateEvent e) {
            resolve(lines, e);
        }
    }

    private void isolate(List<ImportLine.Parsed> lines, String problem) {
        if (lines.size() == 1) {
            broken.report(lines.get(0).number(), problem);
        } else {
            int half = lines.size() / 2;
            append(lines.subList(0, half), false);
            append(lines.subList(half, lines.size()), false);
        }
    }

    private void resolve(List<ImportLine.Parsed> lines, PolylogException refusal) {
        Set<ImportLine.Parsed> present = present(lines);
        if (!present.isEmpty()) {
            writeMissing(lines, present);
        } else if (refusal instanceof DuplicateEvent duplicate) {
            isolate(lines, "the event id " + duplicate.eventId() + " is already in the stream, at another place");
        } else {
            throw new CommandFailed(
                    ExitCode.CONFLICT,
                    "lines " + lines.get(0).number() + " to "
                            + lines.get(lines.size() - 1).number() + ": " + refusal.getMessage()
                            + ". Events that this import has seen are no longer there",
                    refusal);
        }
    }

    private void writeMissing(List<ImportLine.Parsed> lines, Set<ImportLine.Parsed> present) {
        List<ImportLine.Parsed> missing = new ArrayList<>();
        for (ImportLine.Parsed line : lines) {
            if (present.contains(line)) {
                found(line);
            } else {
                missing.add(line);
            }
        }
        append(missing, false);
    }

    /** The lines whose events are in the store at their places. */
    private Set<ImportLine.Parsed> present(List<ImportLine.Parsed> lines) {
        Set<ImportLine.Parsed> present = new HashSet<>();
        for (Map.Entry<StreamId, List<ImportLine.Parsed>> part :
                Batch.byStream(lines).entrySet()) {
            List<ImportLine.Parsed> wanted = part.getValue();
            ReadOptions.OfStream options =
                    ReadOptions.stream().from(versions.of(part.getKey()) + 1).limit(wanted.size());
            int i = 0;
            for (RecordedEvent event : store.readStream(part.getKey(), options)) {
                requireSame(wanted.get(i), event);
                present.add(wanted.get(i++));
            }
        }
        return present;
    }

    private static void requireSame(ImportLine.Parsed line, RecordedEvent there) {
        if (there.data().equals(line.event())) {
            return;
        }
        String difference = there.id().equals(line.event().id())
                ? "has this event there already, but with other content"
                : "has another event there already, " + there.id() + " (" + there.type() + ")";
        throw new CommandFailed(
                ExitCode.CONFLICT,
                "line " + line.number() + ": event " + line.event().id() + " should become version " + there.version()
                        + " of stream " + there.stream() + ", but the stream " + difference
                        + ". Import into a store that does not hold this stream");
    }

    /** Appends, and asks again where the store does not answer; true if the events were written by this call. */
    private boolean append(Append append, boolean inDoubt) {
        boolean unknown = inDoubt;
        for (int attempt = 1; ; attempt++) {
            try {
                AppendResult result = store.append(append);
                return !result.repeated() || unknown;
            } catch (AppendOutcomeUnknown e) {
                unknown = true;
                pause(attempt, e);
            } catch (StoreUnavailable e) {
                pause(attempt, e);
            }
        }
    }

    private void pause(int attempt, PolylogException failure) {
        if (attempt == ATTEMPTS || interruption.await(PAUSES.delay(attempt))) {
            throw failure;
        }
    }

    /** Waits for what is on its way, and counts it if it was written: the import may have been ended by something else. */
    @Override
    public void close() {
        try {
            settle();
        } finally {
            appender.shutdown();
        }
    }
}
