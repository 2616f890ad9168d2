package dev.polylog.cli.transfer;

import dev.polylog.EventStore;
import dev.polylog.ReadOptions;
import dev.polylog.cli.shell.Progress;
import dev.polylog.cli.shell.Shell;
import dev.polylog.spi.BackendTraits.Limits;

/**
 * Puts the events of a file into a store: in the file's order, which becomes their global order, each stream from its
 * version 1 on.
 *
 * <p>It may be ended and run again at any moment, and may be run with what is there already: each event is stored once.
 * For that it needs nothing but the store. Appends are made one after the other; reading the file and the digest run
 * beside them.
 *
 * <p>For one thread and one file.
 */
public final class Importer {

    private static final long MOST_LINE_BYTES = 256L << 20;
    private static final int LARGEST_ESCAPE = 6;
    private static final long ATTRIBUTE_BYTES = 64L << 10;

    private final EventStore store;
    private final Shell shell;
    private final Progress progress;
    private final Versions versions = new Versions();
    private final BrokenLines broken;
    private final BatchWriter writer;
    private final Batch batch;
    private final SeenEvents seen = new SeenEvents();
    private final LogWalk log;

    /**
     * Into a store.
     *
     * @param store the store
     * @param shell where broken lines and progress are told, and the user may interrupt
     * @param onBrokenLine what to do at a line that is no event
     */
    public Importer(EventStore store, Shell shell, OnBrokenLine onBrokenLine) {
        this.store = store;
        this.shell = shell;
        this.progress = new Progress(shell, "importing");
        this.broken = new BrokenLines(shell, progress, onBrokenLine);
        this.writer = new BatchWriter(store, versions, broken, shell.interruption());
        this.batch = new Batch(store.traits().limits());
        this.log = new LogWalk(store);
    }

    /**
     * Imports the file to its end, or to what ends it; {@link #report()} tells then how far it got.
     *
     * @param file the file
     * @throws dev.polylog.cli.shell.CommandFailed at a broken line where that is wanted, at an event whose place is
     *     taken, or where the file cannot be read
     * @throws dev.polylog.cli.shell.Interrupted if the user wants it to end
     */
    public void run(ImportFile file) {
        try (writer;
                ImportLines lines =
                        new ImportLines(file, maxLineLength(store.traits().limits()), shell.interruption())) {
            while (lines.hasNext()) {
                shell.interruption().check();
                ImportLine line = lines.next();
                if (line instanceof ImportLine.Parsed parsed) {
                    take(parsed);
                } else {
                    report(line.number(), ((ImportLine.Broken) line).problem());
                }
                progress.at(writer.stored() + writer.alreadyThere(), file.share());
            }
            writer.write(batch.drain());
        } finally {
            progress.clear();
        }
    }

    /** How long a line can be that holds an event within the limits, even if every character of it is escaped. */
    private static int maxLineLength(Limits limits) {
        long most = LARGEST_ESCAPE * ((long) limits.maxPayloadBytes() + limits.maxMetadataBytes()) + ATTRIBUTE_BYTES;
        return (int) Math.min(most, MOST_LINE_BYTES);
    }

    private void take(ImportLine.Parsed line) {
        boolean mayRepeat = seen.mayRepeat(line.stream(), line.event().id());
        // While the log is walked nothing is on its way yet.
        if (log.passes(line, versions.of(line.stream()) + 1)) {
            writer.found(line);
        } else if (mayRepeat && repeats(line)) {
            report(
                    line.number(),
                    "the event id " + line.event().id() + " is already in the stream, by an earlier line");
        } else {
            log.leave();
            if (!batch.add(line)) {
                writer.send(batch.drain());
                batch.add(line);
            }
        }
    }

    /** Reads the stream as far as the file has come: not every store notices the same id at another place. */
    private boolean repeats(ImportLine.Parsed line) {
        writer.write(batch.drain());
        ReadOptions.OfStream soFar = ReadOptions.stream().limit(versions.of(line.stream()));
        return store.readStream(line.stream(), soFar).stream()
                .anyMatch(event -> event.id().equals(line.event().id()));
    }

    /** Reports a broken line after everything before it is stored, so that reports come in the order of the lines. */
    private void report(long line, String problem) {
        writer.write(batch.drain());
        broken.report(line, problem);
    }

    /**
     * What was done so far.
     *
     * @return the counts
     */
    public ImportReport report() {
        return new ImportReport(
                writer.stored(), writer.alreadyThere(), broken.count(), versions.streams(), writer.digest());
    }
}
