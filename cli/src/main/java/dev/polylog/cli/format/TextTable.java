package dev.polylog.cli.format;

import dev.polylog.cli.shell.Output;
import dev.polylog.cli.shell.Terminal;
import java.util.ArrayList;
import java.util.List;

/**
 * A table for people that may grow for ever: its columns are as wide as the first rows need, and what does not fit later
 * pushes its own row only. The last column is cut at the edge of the terminal.
 *
 * <p>For one thread.
 */
public final class TextTable {

    private static final int ROWS_FOR_WIDTHS = 200;
    private static final int WIDEST = 48;
    private static final int LEAST_LAST = 12;
    private static final String GAP = "  ";

    private final Output out;
    private final Terminal terminal;
    private final List<String> headers;
    private final List<List<String>> waiting = new ArrayList<>();
    private final int[] widths;
    private boolean begun;

    /**
     * A table without rows.
     *
     * @param out where it is printed
     * @param terminal how wide and colourful it may be
     * @param headers what stands above the columns
     */
    public TextTable(Output out, Terminal terminal, List<String> headers) {
        this.out = out;
        this.terminal = terminal;
        this.headers = headers;
        this.widths = new int[headers.size()];
    }

    /**
     * Adds a row.
     *
     * @param cells any texts; what could upset a terminal is escaped
     */
    public void row(List<String> cells) {
        List<String> printable = cells.stream().map(Texts::printable).toList();
        if (begun) {
            print(printable);
            return;
        }
        waiting.add(printable);
        if (waiting.size() == ROWS_FOR_WIDTHS) {
            begin();
        }
    }

    /** Prints what waits for the widths of its columns. */
    public void flush() {
        if (!begun && !waiting.isEmpty()) {
            begin();
        }
        out.flush();
    }

    /** Prints what waits, and the headers if there was no row at all. */
    public void finish() {
        if (!begun) {
            begin();
        }
        out.flush();
    }

    private void begin() {
        begun = true;
        measure(headers);
        waiting.forEach(this::measure);
        String heading = line(headers);
        out.println(terminal.color() ? "\u001b[1m" + heading + "\u001b[0m" : heading);
        waiting.forEach(this::print);
        waiting.clear();
    }

    private void measure(List<String> cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], Math.min(WIDEST, Texts.width(cells.get(i))));
        }
    }

    private void print(List<String> cells) {
        out.println(line(cells));
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        int used = 0;
        for (int i = 0; i < cells.size() - 1; i++) {
            String cell = cells.get(i);
            String padded = cell + " ".repeat(Math.max(0, widths[i] - Texts.width(cell))) + GAP;
            line.append(padded);
            used += Texts.width(padded);
        }
        String last = cells.get(cells.size() - 1);
        int room = Math.max(LEAST_LAST, terminal.columns() - used);
        return line.append(Texts.cut(last, room)).toString().stripTrailing();
    }
}
