package dev.polylog.cli.format;

import dev.polylog.RecordedEvent;
import dev.polylog.cli.shell.Output;

/** One JSON array of all events. For one thread. */
final class JsonArrayPrinter implements EventPrinter {

    private final Output out;
    private boolean begun;

    JsonArrayPrinter(Output out) {
        this.out = out;
    }

    @Override
    public void print(RecordedEvent event) {
        out.print(begun ? ",\n" : "[\n");
        begun = true;
        out.write(EventJson.write(event));
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void finish() {
        out.print(begun ? "\n]\n" : "[]\n");
        out.flush();
    }
}
