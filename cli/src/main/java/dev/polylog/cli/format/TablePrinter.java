package dev.polylog.cli.format;

import dev.polylog.RecordedEvent;
import dev.polylog.cli.shell.Output;
import dev.polylog.cli.shell.Terminal;

/** Events in a table. For one thread. */
final class TablePrinter implements EventPrinter {

    private final EventColumns columns;
    private final TextTable table;

    TablePrinter(Output out, Terminal terminal, EventColumns columns) {
        this.columns = columns;
        this.table = new TextTable(out, terminal, columns.headers());
    }

    @Override
    public void print(RecordedEvent event) {
        table.row(columns.row(event));
    }

    @Override
    public void flush() {
        table.flush();
    }

    @Override
    public void finish() {
        table.flush();
    }
}
