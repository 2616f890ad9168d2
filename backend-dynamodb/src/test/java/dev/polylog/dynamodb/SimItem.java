package dev.polylog.dynamodb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What expressions say of items, as far as the backend uses them, and how large items are. Stateless and thread-safe. */
final class SimItem {

    private static final String ABSENT = "attribute_not_exists(";
    private static final String LACKS = "NOT contains(";
    private static final String FIRST = "[0]";
    private static final String REMOVE = "REMOVE ";
    private static final Pattern APPEND =
            Pattern.compile("list_append\\(if_not_exists\\((\\w+), (:\\w+)\\), (:\\w+)\\)");

    private SimItem() {}

    /** Whether a condition holds: absence or equality of an attribute or of a list's member, what a list has not, by AND. */
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
            return value(term.substring(ABSENT.length(), term.length() - 1), names, item) == null;
        }
        if (term.startsWith(LACKS)) {
            String[] sides = term.substring(LACKS.length(), term.length() - 1).split(", ");
            AttributeValue list = value(sides[0], names, item);
            return list == null || !list.l().contains(values.get(sides[1]));
        }
        String[] sides = term.split(" = ");
        if (sides.length != 2 || !values.containsKey(sides[1])) {
            throw new UnsupportedOperationException("the simulator does not understand the condition " + term);
        }
        return values.get(sides[1]).equals(value(sides[0], names, item));
    }

    /** What a path leads to: an attribute, or the first member of a list; null where there is none. */
    private static AttributeValue value(String path, Map<String, String> names, Map<String, AttributeValue> item) {
        if (item == null || !path.endsWith(FIRST)) {
            return item == null ? null : item.get(name(path, names));
        }
        AttributeValue list = item.get(name(path.substring(0, path.length() - FIRST.length()), names));
        return list == null || list.l().isEmpty() ? null : list.l().get(0);
    }

    /** An item after an update of the form SET a = :x, b = :y REMOVE c[0], of which one half may be missing. */
    static Map<String, AttributeValue> updated(
            Map<String, AttributeValue> key,
            String update,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            Map<String, AttributeValue> item) {
        Map<String, AttributeValue> after = new HashMap<>(item == null ? key : item);
        int remove = update.indexOf(REMOVE);
        String set = remove < 0 ? update : update.substring(0, remove).trim();
        if (!set.isEmpty()) {
            for (String assignment : set.substring("SET ".length()).split(", (?![^(]*\\))")) {
                String[] sides = assignment.trim().split(" = ");
                after.put(name(sides[0], names), assigned(sides[1], names, values, item));
            }
        }
        if (remove >= 0) {
            String list = update.substring(remove + REMOVE.length());
            after.computeIfPresent(
                    name(list.substring(0, list.length() - FIRST.length()), names),
                    (attribute, before) -> withoutFirst(before));
        }
        return after;
    }

    private static AttributeValue withoutFirst(AttributeValue list) {
        return list.l().isEmpty()
                ? list
                : AttributeValue.fromL(list.l().subList(1, list.l().size()));
    }

    /** A value, or a list with a list added to it: list_append(if_not_exists(a, :none), :more). */
    private static AttributeValue assigned(
            String term,
            Map<String, String> names,
            Map<String, AttributeValue> values,
            Map<String, AttributeValue> item) {
        Matcher append = APPEND.matcher(term);
        if (!append.matches()) {
            return values.get(term);
        }
        AttributeValue there = value(append.group(1), names, item);
        List<AttributeValue> all = new ArrayList<>((there == null ? values.get(append.group(2)) : there).l());
        all.addAll(values.get(append.group(3)).l());
        return AttributeValue.fromL(all);
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
