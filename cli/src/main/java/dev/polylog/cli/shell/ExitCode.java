package dev.polylog.cli.shell;

import java.util.LinkedHashMap;
import java.util.Map;

/** How the process ends. Stateless and thread-safe. */
public final class ExitCode {

    /** Done. */
    public static final int DONE = 0;
    /** Failed for a reason that has no code of its own. */
    public static final int FAILURE = 1;
    /** The command line, a store's URL or the event given was wrong. */
    public static final int USAGE = 2;
    /** The stream, subscription or file is not there. */
    public static final int NOT_FOUND = 3;
    /** A stream's version, or an event that it holds, is not what was expected. */
    public static final int CONFLICT = 4;
    /** The store could not be reached, or did not answer in time. */
    public static final int UNAVAILABLE = 5;
    /** The store lacks the power that was asked for. */
    public static final int UNSUPPORTED = 6;
    /** The store, or a backend, was examined and is not as it must be. */
    public static final int FINDINGS = 7;
    /** Ended by the user. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}

    /**
     * All codes with a line for the help text.
     *
     * @return code to description, in ascending order
     */
    public static Map<String, String> descriptions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(" 0", "done");
        all.put(" 1", "failure");
        all.put(" 2", "usage: wrong options, store URL or event");
        all.put(" 3", "not found: stream, subscription or file");
        all.put(" 4", "version conflict, or the event is there already");
        all.put(" 5", "store unreachable or timed out");
        all.put(" 6", "not supported by this store");
        all.put(" 7", "verification or kit found something wrong");
        all.put("130", "interrupted");
        return all;
    }
}
