package dev.polylog.tck;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Texts that break naive code: fixed ones that are known to, and as many more as wanted from a seed. */
final class Hostile {

    /** The most characters that a name may have (rule A-13). */
    static final int MOST_CHARACTERS = 255;

    private static final List<String> FIXED = List.of(
            "a",
            "A",
            "a ",
            " a",
            "a\u00a0",
            "\u00e9",
            "e\u0301",
            "\u00c9",
            "stra\u00dfe",
            "STRASSE",
            "\u0130",
            "i\u0307",
            "\ufb01",
            "fi",
            "\u212b",
            "\u00c5",
            "'",
            "\"",
            "`",
            "a'b",
            "a''b",
            "a\"b",
            "';--",
            "a';DROP TABLE events;--",
            "%",
            "_",
            "a%",
            "a_",
            "a%b_c",
            "a\\%",
            "*",
            "?",
            "[a-z]",
            "a*",
            "#",
            "a#1",
            "a#",
            "/",
            "a/b",
            "a//b",
            "../a",
            "a/../b",
            "./a",
            "|",
            "a|b",
            ":",
            "a:b",
            "a::1",
            "\\",
            "a\\",
            "\\\\",
            "\\0",
            "\\u0000",
            "\\n",
            "-",
            "a-",
            "-a",
            "a-1",
            "a-1-2",
            "--",
            "@",
            "$",
            "$all",
            "a$",
            "a$b",
            "{}",
            "{a}",
            "${a}",
            "#{a}",
            "%s",
            "%n",
            "%00",
            "%2F",
            "%25",
            "&",
            "a&b=c",
            "=",
            "+",
            "a+b",
            ",",
            "a,b",
            ";",
            "<a>",
            "<script>",
            "&amp;",
            "null",
            "NULL",
            "undefined",
            "NaN",
            "true",
            "0",
            "-1",
            "1e9",
            "\ud83d\ude00",
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "\u05d0\u05d1",
            "\u202eabc",
            "a\u202e",
            "\u200b",
            "a\u200b",
            "\ufeffa",
            "\uffff",
            "\ufffd",
            "\ud800\udc00",
            "\udbff\udfff",
            "\ud800",
            "\udc00",
            "a\ud83d",
            "\ude00\ud83d",
            "",
            " ",
            "   ",
            "\t",
            "\n",
            "\r\n",
            "a\nb",
            "a\u0000",
            "\u0000",
            "\u0001",
            "\u001f",
            "\u007f",
            "\u0085",
            "\u009f",
            "\u2028",
            "\u2029",
            "\u3000",
            "\u2003a",
            "aux",
            "con",
            "nul",
            "VERSION#1",
            "STREAM#a",
            "LOG#1",
            "a\u0301\u0301\u0301",
            "x".repeat(254),
            "x".repeat(255),
            "x".repeat(256),
            "\ud83d\ude00".repeat(127),
            "\ud83d\ude00".repeat(127) + "y",
            "\ud83d\ude00".repeat(128),
            "\u00e9".repeat(255),
            "x".repeat(1_000_000));

    private static final String[] PIECES = {
        "a",
        "A",
        "b",
        "1",
        " ",
        "-",
        "-",
        "#",
        "%",
        "/",
        "|",
        ":",
        "\\",
        "'",
        "\"",
        "$",
        "_",
        ".",
        "\u00e9",
        "e\u0301",
        "\ud83d\ude00",
        "\u05d0",
        "\u202e",
        "\u200d",
        "\ufeff",
        "\u00a0",
        "\u0131",
        "\u00df"
    };

    private static final String[] POISON = {"\u0000", "\n", "\t", "\u007f", "\u0085", "\ud800", "\udc00"};

    private Hostile() {}

    /** Different texts: the fixed ones, and seeded ones until there are as many as wanted. */
    static List<String> texts(Random random, int count) {
        Set<String> texts = new LinkedHashSet<>(FIXED);
        while (texts.size() < count) {
            texts.add(text(random));
        }
        return new ArrayList<>(texts).subList(0, count);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = random.nextInt(100) == 0 ? 200 + random.nextInt(100) : 1 + random.nextInt(8);
        for (int i = 0; i < pieces; i++) {
            int kind = random.nextInt(40);
            if (kind == 0) {
                text.append(POISON[random.nextInt(POISON.length)]);
            } else if (kind < 6) {
                text.append((char) (0x20 + random.nextInt(0x2fff)));
            } else {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
        }
        return text.toString();
    }

    /** Whether rule A-13 allows the text as a name of anything but a stream; stated here on its own. */
    static boolean isName(String text) {
        if (text.isBlank() || text.length() > MOST_CHARACTERS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = c < 0x20 || (c >= 0x7f && c < 0xa0);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (control || (Character.isSurrogate(c) && !pair)) {
                return false;
            }
            i += pair ? 1 : 0;
        }
        return true;
    }

    /** Whether rule A-13 allows the text as the name of a stream. */
    static boolean isStream(String text) {
        return isName(text) && !text.startsWith("$");
    }
}
