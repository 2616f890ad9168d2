package dev.polylog.spi;

import dev.polylog.InvalidStoreUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A store's URL, taken apart: {@code scheme:address?option=value&option=value}.
 *
 * <p>{@link #toString()} shows no password, token or key, so a URL may be logged. Backends read options through
 * {@link #options()}, which collects every mistake and reports them together.
 *
 * <p>Immutable and thread-safe; {@link Options} belongs to one thread.
 */
public final class BackendUrl {

    private static final Pattern FORM =
            Pattern.compile("((?:jdbc:)?[A-Za-z][A-Za-z0-9+.-]*):([^?]*)(?:\\?(.*))?", Pattern.DOTALL);
    private static final Pattern USER_INFO = Pattern.compile("(//[^:@]*):.*@", Pattern.DOTALL);
    private static final Pattern SECRET = Pattern.compile("pass|secret|token|credential|key", Pattern.CASE_INSENSITIVE);

    private final String text;
    private final String scheme;
    private final String address;
    private final Map<String, String> values;

    private BackendUrl(String text, String scheme, String address, Map<String, String> values) {
        this.text = text;
        this.scheme = scheme;
        this.address = address;
        this.values = values;
    }

    /**
     * Takes a URL apart.
     *
     * @param url the URL
     * @return its parts
     * @throws InvalidStoreUrl if it is not of the form {@code scheme:address?option=value}
     */
    public static BackendUrl parse(String url) {
        Matcher matcher = FORM.matcher(url);
        if (url.isBlank() || !matcher.matches()) {
            throw new InvalidStoreUrl(
                    redact(url),
                    List.of("expected scheme:address?option=value, for example sqlite:events.db or memory:"));
        }
        List<String> problems = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        String query = matcher.group(3);
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                parsePair(pair, values, problems);
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidStoreUrl(redact(url), problems);
        }
        return new BackendUrl(
                url, matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2), Collections.unmodifiableMap(values));
    }

    private static void parsePair(String pair, Map<String, String> values, List<String> problems) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            problems.add("an option has no name or no value; expected option=value");
            return;
        }
        String name = pair.substring(0, equals);
        try {
            if (values.put(name, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8)) != null) {
                problems.add("option " + name + " is given twice");
            }
        } catch (IllegalArgumentException e) {
            problems.add("the value of option " + name + " has a broken %-escape");
        }
    }

    private static String redact(String url) {
        String shown = USER_INFO.matcher(url).replaceFirst("$1:***@");
        int question = shown.indexOf('?');
        if (question < 0) {
            return shown;
        }
        StringBuilder safe = new StringBuilder(shown.substring(0, question + 1));
        String separator = "";
        for (String pair : shown.substring(question + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            boolean secret =
                    equals >= 0 && SECRET.matcher(pair.substring(0, equals)).find();
            safe.append(separator).append(secret ? pair.substring(0, equals) + "=***" : pair);
            separator = "&";
        }
        return safe.toString();
    }

    /**
     * The part before the first colon, in lower case; {@code jdbc:} and the driver's scheme together.
     *
     * @return for example {@code sqlite}
     */
    public String scheme() {
        return scheme;
    }

    /**
     * The part between the scheme's colon and the question mark, as it was written. May contain a password: do not show
     * it.
     *
     * @return for example {@code orders.db}
     */
    public String address() {
        return address;
    }

    /**
     * The whole URL as it was written. May contain a password: do not show it.
     *
     * @return the URL
     */
    public String unredacted() {
        return text;
    }

    /**
     * A reader of the options that collects mistakes until {@link Options#finish()}.
     *
     * @return a new reader
     */
    public Options options() {
        return new Options();
    }

    /**
     * The URL without secrets.
     *
     * @return the URL, passwords and the like replaced by {@code ***}
     */
    @Override
    public String toString() {
        return redact(text);
    }

    /** Reads options one by one, and at the end complains about all that was wrong or unknown. Not thread-safe. */
    public final class Options {

        private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

        private final Map<String, String> unread = new LinkedHashMap<>(values);
        private final List<String> known = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();

        private Options() {}

        /**
         * A text.
         *
         * @param name the option's name
         * @param fallback the value where the option is absent
         * @return the option's value
         */
        public String text(String name, String fallback) {
            known.add(name);
            String value = unread.remove(name);
            return value == null ? fallback : value;
        }

        /**
         * A whole number in a range.
         *
         * @param name the option's name
         * @param least the smallest value allowed
         * @param most the greatest value allowed
         * @param fallback the value where the option is absent or wrong
         * @return the option's value
         */
        public long number(String name, long least, long most, long fallback) {
            String value = text(name, "");
            if (value.isEmpty()) {
                return fallback;
            }
            try {
                long number = Long.parseLong(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                return wrong(name, "a whole number from " + least + " to " + most, fallback);
            }
            return wrong(name, "a whole number from " + least + " to " + most, fallback);
        }

        /**
         * A span of time such as {@code 250ms}, {@code 5s}, {@code 2m}.
         *
         * @param name the option's name
         * @param fallback the value where the option is absent or wrong
         * @return the option's value
         */
        public Duration duration(String name, Duration fallback) {
            String value = text(name, "");
            if (value.isEmpty()) {
                return fallback;
            }
            Matcher matcher = DURATION.matcher(value);
            if (!matcher.matches()) {
                return wrong(name, "a duration such as 250ms, 5s or 2m", fallback);
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }

        /**
         * True or false.
         *
         * @param name the option's name
         * @param fallback the value where the option is absent or wrong
         * @return the option's value
         */
        public boolean flag(String name, boolean fallback) {
            String value = text(name, String.valueOf(fallback));
            if (value.equals("true") || value.equals("false")) {
                return value.equals("true");
            }
            return wrong(name, "true or false", fallback);
        }

        /**
         * Notes a mistake that the backend found.
         *
         * @param problem what is wrong and what was expected, without secrets
         */
        public void problem(String problem) {
            problems.add(problem);
        }

        private <T> T wrong(String name, String expected, T fallback) {
            problems.add("option " + name + " is not " + expected);
            return fallback;
        }

        /**
         * Ends the reading.
         *
         * @throws InvalidStoreUrl if anything was wrong, or an option was not asked for; lists everything
         */
        public void finish() {
            for (String name : unread.keySet()) {
                problems.add("unknown option " + name + "; known are " + known);
            }
            if (!problems.isEmpty()) {
                throw new InvalidStoreUrl(BackendUrl.this.toString(), problems);
            }
        }
    }
}
