package dev.polylog.dynamodb;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What expressions say of items, as far as the backend uses them, and how large items are. Stateless and thread-safe. */
final class SimItem {

    private static final String ABSENT = "attribute_not_exists(";

    private SimItem() {}

    /** Whether a condition holds: absence of an attribute, equality, and these joined by AND. */
    static boolean holds(
            String condition,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            Map<String, AttributeValue> item) {
        if (condition == null) {
            return true;
        }
        for (String term : condition.split(" AND ")) {
            if (!holdsTerm(term.trim(), names, values, item)) {
                return false;
            }
        }
        return true;
    }

    private static boolean holdsTerm(
            String term,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            Map<String, AttributeValue> item) {
        if (term.startsWith(ABSENT)) {
            return item == null || !item.containsKey(name(term.substring(ABSENT.length(), term.length() - 1), names));
        }
        String[] sides = term.split(" = ");
        if (sides.length != 2 || !values.containsKey(sides[1])) {
            throw new UnsupportedOperationException("the simulator does not understand the condition " + term);
        }
        return item != null && values.get(sides[1]).equals(item.get(name(sides[0], names)));
    }

    /** An item after an update of the form SET a = :x, b = :y. */
    static Map<String, AttributeValue> updated(
            Map<String, AttributeValue> key,
            String update,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            Map<String, AttributeValue> item) {
        Map<String, AttributeValue> after = new HashMap<>(item == null ? key : item);
        for (String assignment : update.substring("SET ".length()).split(",")) {
            String[] sides = assignment.trim().split(" = ");
            after.put(name(sides[0], names), values.get(sides[1]));
        }
        return after;
    }

    private static String name(String name, Map<String, String> names) {
        return name.startsWith("#") ? names.get(name) : name;
    }

    static int size(Map<String, AttributeValue> item) {
        int size = 0;
        for (Map.Entry<String, AttributeValue> entry : item.entrySet()) {
            size += utf8(entry.getKey()) + size(entry.getValue());
        }
        return size;
    }

    private static int size(AttributeValue value) {
        if (value.s() != null) {
            return utf8(value.s());
        }
        if (value.n() != null) {
            return (value.n().length() + 1) / 2 + 1;
        }
        if (value.b() != null) {
            return value.b().asByteArrayUnsafe().length;
        }
        if (value.hasL()) {
            return 3 + value.l().stream().mapToInt(one -> size(one) + 1).sum();
        }
        if (value.hasM()) {
            return 3 + size(value.m()) + value.m().size();
        }
        throw new UnsupportedOperationException("the simulator does not know the size of " + value.type());
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
