package dev.polylog.cli.format;

import dev.polylog.RecordedEvent;
import dev.polylog.cli.shell.Output;
import java.util.function.Function;

/** A line for each event. For one thread. */
final class LinePrinter implements EventPrinter {

    private final Output out;
    private final Function<RecordedEvent, byte[]> form;

    LinePrinter(Output out, Function<RecordedEvent, byte[]> form) {
        this.out = out;
        this.form = form;
    }

    @Override
    public void print(RecordedEvent event) {
        out.write(form.apply(event));
        out.write('\n');
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void finish() {
        out.flush();
    }
}
