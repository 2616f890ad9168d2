package dev.polylog.cli.format;

import dev.polylog.cli.shell.Shell;
import java.util.List;

/** Reports of the same kind, one below the other: a table for people, a JSON object a line for programs. For one thread. */
public final class ReportTable {

    private final Shell shell;
    private final ReportFormat format;
    private final TextTable table;

    /**
     * Without rows yet.
     *
     * @param shell where to print
     * @param format how
     * @param headers what stands above the columns of a table
     */
    public ReportTable(Shell shell, ReportFormat format, List<String> headers) {
        this.shell = shell;
        this.format = format;
        this.table = new TextTable(shell.out(), shell.terminal(), headers);
    }

    /**
     * Prints a row.
     *
     * @param report one value for each column
     */
    public void row(Report report) {
        if (format == ReportFormat.json) {
            report.print(shell, format);
        } else {
            table.row(report.values());
        }
    }

    /** Brings all rows to the reader. */
    public void finish() {
        if (format == ReportFormat.table) {
            table.finish();
        }
    }
}
