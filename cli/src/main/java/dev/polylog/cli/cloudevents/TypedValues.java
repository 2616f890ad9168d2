package dev.polylog.cli.cloudevents;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Remembers which attributes were numbers or true/false, since metadata holds texts only: {@code age=number,ok=boolean},
 * names in order.
 *
 * <p>Stateless and thread-safe.
 */
final class TypedValues {

    static final String NUMBER = "number";
    static final String BOOLEAN = "boolean";

    private static final Pattern FORM = Pattern.compile("[a-z0-9]+=(number|boolean)(,[a-z0-9]+=(number|boolean))*");
    private static final Pattern NUMBER_FORM = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

    private TypedValues() {}

    /** The text for a metadata entry. */
    static String encode(SortedMap<String, String> typeByAttribute) {
        StringBuilder text = new StringBuilder();
        typeByAttribute.forEach((attribute, type) -> text.append(text.isEmpty() ? "" : ",")
                .append(attribute)
                .append('=')
                .append(type));
        return text.toString();
    }

    /**
     * Reads the text back, if it is one that {@link #encode} could have given for these attributes.
     *
     * @param text the metadata entry
     * @param values the attributes that are going to be written
     * @return type by attribute, or empty where the text says something else
     */
    static Optional<SortedMap<String, String>> decode(String text, Map<String, String> values) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        SortedMap<String, String> types = new TreeMap<>();
        for (String pair : text.split(",")) {
            String attribute = pair.substring(0, pair.indexOf('='));
            String type = pair.substring(attribute.length() + 1);
            String value = values.get(attribute);
            if (value == null || !hasType(value, type)) {
                return Optional.empty();
            }
            types.put(attribute, type);
        }
        return encode(types).equals(text) ? Optional.of(types) : Optional.empty();
    }

    private static boolean hasType(String value, String type) {
        return type.equals(NUMBER)
                ? NUMBER_FORM.matcher(value).matches()
                : value.equals("true") || value.equals("false");
    }
}
