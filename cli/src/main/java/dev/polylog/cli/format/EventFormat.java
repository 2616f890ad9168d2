package dev.polylog.cli.format;

import dev.polylog.cli.cloudevents.CloudEventWriter;
import dev.polylog.cli.shell.Output;
import dev.polylog.cli.shell.Shell;
import dev.polylog.cli.shell.Terminal;
import org.jspecify.annotations.Nullable;

/** How events are printed. The names are those of the option {@code --output}. */
public enum EventFormat {
    /** Columns for people; data is cut where the terminal ends. */
    table,
    /** One JSON array. */
    json,
    /** A JSON object on each line. */
    ndjson,
    /** A CloudEvent in JSON on each line. */
    cloudevents;

    /**
     * The format that was asked for, else a table on a terminal and lines of JSON in a pipe.
     *
     * @param wanted the option, or null
     * @param terminal where the output goes
     * @return the format
     */
    public static EventFormat orDefault(@Nullable EventFormat wanted, Terminal terminal) {
        if (wanted != null) {
            return wanted;
        }
        return terminal.output() ? table : ndjson;
    }

    /**
     * A printer in this format.
     *
     * @param shell where to print
     * @param columns which columns a table has
     * @return the printer
     */
    public EventPrinter printer(Shell shell, EventColumns columns) {
        Output out = shell.out();
        return switch (this) {
            case table -> new TablePrinter(out, shell.terminal(), columns);
            case json -> new JsonArrayPrinter(out);
            case ndjson -> new LinePrinter(out, EventJson::write);
            case cloudevents -> new LinePrinter(out, CloudEventWriter::write);
        };
    }
}
