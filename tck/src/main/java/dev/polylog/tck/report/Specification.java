package dev.polylog.tck.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules that every store keeps, read from the documents in which they are written down.
 *
 * <p>Immutable and thread-safe.
 *
 * @param chapters the chapters in the order of the specification
 */
public record Specification(List<Chapter> chapters) {

    private static final Pattern ROW = Pattern.compile(
            "\\| ([A-Z]-\\d\\d) \\| (.+?) \\| (.+?) \\| ((?:required|declared) \\+ raced|required|raced|declared|argued) \\|");
    private static final Pattern TITLE = Pattern.compile("# ([A-Z])\\. (.+)");
    private static final List<String> FILES = List.of(
            "A-append.md",
            "I-idempotency.md",
            "R-read-stream.md",
            "G-read-all.md",
            "N-signals.md",
            "S-subscriptions.md",
            "K-cells.md",
            "L-life.md");

    /** Copies the list. */
    public Specification {
        chapters = List.copyOf(chapters);
    }

    /**
     * One chapter.
     *
     * @param letter the letter that its rules' ids begin with
     * @param title what it is about
     * @param rules its rules, in order
     */
    public record Chapter(String letter, String title, List<Rule> rules) {

        /** Copies the list. */
        public Chapter {
            rules = List.copyOf(rules);
        }
    }

    /**
     * Reads the specification that came with the kit.
     *
     * @return all chapters
     */
    public static Specification load() {
        return new Specification(FILES.stream().map(Specification::chapter).toList());
    }

    /**
     * All rules.
     *
     * @return the rules of all chapters, in order
     */
    public List<Rule> rules() {
        return chapters.stream().flatMap(chapter -> chapter.rules().stream()).toList();
    }

    private static Chapter chapter(String file) {
        String text = read(file);
        Matcher title = TITLE.matcher(text);
        if (!title.lookingAt()) {
            throw new IllegalStateException(file + " does not begin with a chapter's title");
        }
        List<Rule> rules = new ArrayList<>();
        text.lines().filter(line -> line.matches("\\| [A-Z]-\\d.*")).forEach(line -> {
            Matcher row = ROW.matcher(line);
            if (!row.matches()) {
                throw new IllegalStateException(file + " has a row that is no rule: " + line);
            }
            rules.add(new Rule(row.group(1), row.group(2), row.group(3), row.group(4)));
        });
        return new Chapter(title.group(1), title.group(2), rules);
    }

    private static String read(String file) {
        try (InputStream in = Specification.class.getResourceAsStream("/dev/polylog/tck/spec/" + file)) {
            if (in == null) {
                throw new IllegalStateException("the kit was built without the specification's " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the specification's " + file + " cannot be read", e);
        }
    }
}
