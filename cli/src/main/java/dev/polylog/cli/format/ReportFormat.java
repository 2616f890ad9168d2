package dev.polylog.cli.format;

import dev.polylog.cli.shell.Terminal;
import org.jspecify.annotations.Nullable;

/** How a report is printed. The names are those of the option {@code --output}. */
public enum ReportFormat {
    /** Lines for people. */
    table,
    /** JSON on one line each. */
    json;

    /**
     * The format that was asked for, else a table on a terminal and JSON in a pipe.
     *
     * @param wanted the option, or null
     * @param terminal where the output goes
     * @return the format
     */
    public static ReportFormat orDefault(@Nullable ReportFormat wanted, Terminal terminal) {
        if (wanted != null) {
            return wanted;
        }
        return terminal.output() ? table : json;
    }
}
