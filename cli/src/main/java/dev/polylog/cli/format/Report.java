package dev.polylog.cli.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.polylog.cli.shell.Shell;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a command found out in all: named values, for people or as a JSON object. For one thread.
 */
public final class Report {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final List<Entry> entries = new ArrayList<>();

    private record Entry(String name, Object value) {}

    /** Without values yet. */
    public Report() {}

    /**
     * Adds a value.
     *
     * @param name its name in JSON, in camel case; for people it is taken apart into words
     * @param value a text, a number, true or false, or a list of texts
     * @return this report
     */
    public Report add(String name, Object value) {
        entries.add(new Entry(name, value));
        return this;
    }

    /**
     * Prints it to standard output.
     *
     * @param shell where to print
     * @param format how
     */
    public void print(Shell shell, ReportFormat format) {
        if (format == ReportFormat.json) {
            shell.out().println(json());
        } else {
            int width = entries.stream()
                    .mapToInt(e -> words(e.name()).length())
                    .max()
                    .orElse(0);
            for (Entry entry : entries) {
                String words = words(entry.name());
                String indent = words + " ".repeat(width - words.length()) + "  ";
                lines(entry.value()).forEach(line -> shell.out().println((indent + line).stripTrailing()));
            }
        }
        shell.out().flush();
    }

    /** The values alone, as texts. */
    List<String> values() {
        return entries.stream().map(entry -> entry.value().toString()).toList();
    }

    private static String words(String name) {
        return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    private static List<String> lines(Object value) {
        if (value instanceof List<?> list) {
            return list.isEmpty()
                    ? List.of("none")
                    : list.stream().map(v -> Texts.printable(v.toString())).toList();
        }
        return List.of(
                value instanceof Long || value instanceof Integer
                        ? String.format(Locale.ROOT, "%,d", ((Number) value).longValue())
                        : Texts.printable(value.toString()));
    }

    private String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            for (Entry entry : entries) {
                json.writeFieldName(entry.name());
                value(json, entry.value());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void value(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                json.writeString(element.toString());
            }
            json.writeEndArray();
        } else {
            json.writeString(value.toString());
        }
    }
}
