package dev.polylog.servers.kurrentdb.log;

import dev.polylog.spi.support.GroupCommit;
import dev.polylog.spi.support.GroupCommit.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of one server, or of the nodes of one cluster: changes go in one after the other, and are shown to readers when
 * they are as durable as they will be. In memory it is gone when closed; in a file it is there again after opening, except
 * for the memory of recent ids.
 *
 * <p>Thread-safe. A disk that fails makes every later change fail too.
 */
public final class Database implements AutoCloseable {

    private static final int MAX_GROUP = 1_000;
    private static final int MAX_QUEUE = 100_000;

    /** The log begins with a record of the server's own, which no read shows: no event stands at position 0. */
    private static final long FIRST_POSITION = 180;

    private final Streams streams = new Streams();
    private final IdCache ids;
    private final LongSupplier ticks;
    private final @Nullable LogFile file;
    private final Drafts drafts;
    private final GroupCommit<Change, Outcome> commits =
            new GroupCommit<>(this::commit, MAX_GROUP, MAX_QUEUE, Duration.ofMinutes(5));
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long shown;
    private boolean broken;

    private Database(@Nullable LogFile file, LongSupplier ticks, long idBudget) {
        this.file = file;
        this.ticks = ticks;
        this.ids = new IdCache(idBudget);
        this.shown = FIRST_POSITION;
        if (file != null) {
            load(file);
        }
        this.drafts = new Drafts(streams, ids, ticks, shown);
    }

    private void load(LogFile from) {
        try {
            for (LogFile.Frame frame : from.load()) {
                frame.records().forEach(streams::add);
                shown = frame.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the log cannot be read", e);
        }
    }

    /**
     * A log in memory.
     *
     * @param ticks the time in 100 ns since the Unix epoch
     * @return a new, empty log
     */
    public static Database inMemory(LongSupplier ticks) {
        return new Database(null, ticks, IdCache.BUDGET_BYTES);
    }

    /**
     * A log in a file, made where there is none.
     *
     * @param file the file
     * @param ticks the time in 100 ns since the Unix epoch
     * @return the log with everything that was acknowledged before
     */
    public static Database in(Path file, LongSupplier ticks) {
        try {
            return new Database(LogFile.open(file), ticks, IdCache.BUDGET_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException("the log " + file + " cannot be opened", e);
        }
    }

    static Database withIdBudget(LongSupplier ticks, long bytes) {
        return new Database(null, ticks, bytes);
    }

    /**
     * Carries a change out.
     *
     * @param change the change
     * @return what became of it; durable when this returns
     * @throws dev.polylog.StoreClosed if the log was closed; nothing was written
     */
    public Outcome commit(Change change) {
        return commits.commit(change);
    }

    private List<Result<Outcome>> commit(List<Change> group) {
        List<Result<Outcome>> results = new ArrayList<>(group.size());
        List<LogFile.Frame> frames = new ArrayList<>(group.size());
        synchronized (this) {
            if (broken) {
                throw new IllegalStateException("an earlier write to the disk failed");
            }
            for (Change change : group) {
                results.add(new Result.Outcome<>(drafts.apply(change)));
                frames.add(new LogFile.Frame(drafts.end(), drafts.take()));
            }
        }
        persist(frames);
        synchronized (this) {
            shown = drafts.end();
        }
        listeners.forEach(Runnable::run);
        return results;
    }

    private void persist(List<LogFile.Frame> frames) {
        if (file == null) {
            return;
        }
        try {
            for (LogFile.Frame frame : frames) {
                if (!frame.records().isEmpty()) {
                    file.add(frame);
                }
            }
            file.force();
        } catch (IOException e) {
            synchronized (this) {
                broken = true;
            }
            throw new UncheckedIOException("the log cannot be written", e);
        }
    }

    /** Forgets which ids were written lately, as a new leader does not know them. */
    public synchronized void forgetIds() {
        ids.clear();
    }

    /**
     * A view of everything that is shown now.
     *
     * @return a view that later changes do not alter
     */
    public synchronized Snapshot snapshot() {
        return new Snapshot(this, streams, shown, ticks.getAsLong());
    }

    /**
     * Asks to be told when more is shown.
     *
     * @param listener called after each change, on the thread that made it; must return quickly
     */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Takes a listener back.
     *
     * @param listener the listener
     */
    public void forget(Runnable listener) {
        listeners.remove(listener);
    }

    /** Refuses further changes; those under way end. */
    @Override
    public void close() {
        commits.close();
        listeners.clear();
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the log cannot be closed", e);
            }
        }
    }
}
