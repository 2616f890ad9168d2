package dev.polylog.subscription;

import java.util.regex.Pattern;

/** Which durable names are allowed. Stateless and thread-safe. */
final class SubscriptionNames {

    static final String RULE = "a name of 1 to 100 letters, digits, '.', '_' and '-', beginning with a letter or digit";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private SubscriptionNames() {}

    static boolean valid(String name) {
        return FORM.matcher(name).matches();
    }
}
