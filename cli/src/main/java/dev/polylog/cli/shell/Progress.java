package dev.polylog.cli.shell;

import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * One line on standard error that shows how far long work is, its rate and the time that remains; nothing where standard
 * error is no terminal.
 *
 * <p>Thread-safe. {@link #clear()} before anything else is said there.
 */
public final class Progress {

    private static final long FIRST_NANOS = 1_000_000_000L;
    private static final long STEP_NANOS = 200_000_000L;
    private static final int LONGEST = 79;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Shell shell;
    private final String verb;
    private final LongSupplier nanoTime;
    private final long begun;
    private long shownAt;
    private boolean shown;

    /**
     * Of work that begins now.
     *
     * @param shell where to show it
     * @param verb what is done, for example {@code importing}
     */
    public Progress(Shell shell, String verb) {
        this(shell, verb, System::nanoTime);
    }

    Progress(Shell shell, String verb, LongSupplier nanoTime) {
        this.shell = shell;
        this.verb = verb;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        this.shownAt = begun;
    }

    /**
     * Tells how far the work is; shown a few times a second, after the first one.
     *
     * @param events how many events are done
     * @param share which part of the work is done, from 0 to 1; below 0 where that cannot be known
     */
    public synchronized void at(long events, double share) {
        if (!shell.terminal().error()) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (now - shownAt >= STEP_NANOS && now - begun >= FIRST_NANOS) {
            shownAt = now;
            shown = true;
            shell.err().print(CLEAR_LINE + line(events, share, (now - begun) / 1e9));
            shell.err().flush();
        }
    }

    /**
     * Tells what is done at the moment; shown at once.
     *
     * @param what for people
     */
    public synchronized void show(String what) {
        if (shell.terminal().error()) {
            shown = true;
            String line = verb + ": " + what;
            shell.err().print(CLEAR_LINE + line.substring(0, Math.min(line.length(), LONGEST)));
            shell.err().flush();
        }
    }

    private String line(long events, double share, double seconds) {
        String line =
                String.format(Locale.ROOT, "%s: %,d events, %,.0f/s", verb, events, events / Math.max(seconds, 1e-3));
        if (share <= 0) {
            return line;
        }
        double left = seconds * (1 - Math.min(share, 1)) / share;
        return line + String.format(Locale.ROOT, ", %.0f %%, %s left", Math.min(share, 1) * 100, duration(left));
    }

    /**
     * A span of time for people.
     *
     * @param seconds the span
     * @return for example {@code 4 s}, {@code 2 min 10 s}, {@code 1 h 5 min}
     */
    static String duration(double seconds) {
        long whole = (long) Math.ceil(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        return whole < 3600
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /** Takes the line away. */
    public synchronized void clear() {
        if (shown) {
            shell.err().print(CLEAR_LINE);
            shell.err().flush();
            shown = false;
        }
    }
}
