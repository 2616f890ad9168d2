package dev.polylog.internal;

import java.util.List;

/**
 * Which names are allowed for streams, types, content types, metadata and cells (rules ).
 *
 * <p>Stateless and thread-safe.
 */
public final class Names {

    /** The most characters (UTF-16 units) of a name. */
    public static final int MAX_LENGTH = 255;

    private static final int SHOWN = 40;

    private Names() {}

    /**
     * Checks a stream's name.
     *
     * @param name the name
     * @param where what precedes each problem
     * @param problems gets everything that is wrong
     */
    static void checkStream(String name, String where, List<String> problems) {
        if (isAllowed(name) && !name.startsWith("$")) {
            return;
        }
        String what = where + "the stream name " + quote(name);
        check(name, what, problems);
        if (name.startsWith("$")) {
            problems.add(what + " begins with $, which is kept for stores themselves");
        }
    }

    /**
     * Whether {@link #check} would find nothing: the quick answer, for which no words are made.
     *
     * @param name the name
     * @return true if the name is allowed
     */
    static boolean isAllowed(String name) {
        return name.length() <= MAX_LENGTH && (isPlain(name) || isOddButAllowed(name));
    }

    /** Printable ASCII, not all of it spaces, as nearly all names are. */
    private static boolean isPlain(String name) {
        boolean visible = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c >= 0x7f) {
                return false;
            }
            visible |= c != ' ';
        }
        return visible;
    }

    private static boolean isOddButAllowed(String name) {
        return !name.isBlank() && !hasControlCharacter(name) && !hasUnpairedSurrogate(name);
    }

    /**
     * Checks any other name.
     *
     * @param name the name
     * @param what what it is, for the problems
     * @param problems gets everything that is wrong
     */
    static void check(String name, String what, List<String> problems) {
        if (name.isBlank()) {
            problems.add(what + " is blank");
        }
        if (name.length() > MAX_LENGTH) {
            problems.add(what + " has " + name.length() + " characters; the limit is " + MAX_LENGTH);
        }
        if (hasControlCharacter(name)) {
            problems.add(what + " contains a control character");
        }
        if (hasUnpairedSurrogate(name)) {
            problems.add(what + " contains an unpaired surrogate, which is no character");
        }
    }

    /** A plain loop, as below: both run several times in every append. */
    private static boolean hasControlCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    static boolean hasUnpairedSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean paired = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!paired) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    /**
     * A name for people: in quotes, cut, with what cannot be shown escaped.
     *
     * @param name any text
     * @return printable text
     */
    static String quote(String name) {
        StringBuilder shown = new StringBuilder("\"");
        name.codePoints().limit(SHOWN).forEach(c -> {
            boolean plain = !Character.isISOControl(c)
                    && Character.getType(c) != Character.SURROGATE
                    && Character.getType(c) != Character.FORMAT;
            if (plain) {
                shown.appendCodePoint(c);
            } else {
                shown.append(String.format("\\u%04x", c));
            }
        });
        return shown.append(name.codePointCount(0, name.length()) > SHOWN ? "…\"" : "\"")
                .toString();
    }
}
