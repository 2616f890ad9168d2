package dev.polylog.sqlite;

import dev.polylog.Filter;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What SQLite can check of a filter, so that most events that do not pass never leave the file. It lets everything pass
 * that {@link Filter#matches} does, and may let more pass: the reader asks {@code matches} once more.
 *
 * <p>Immutable and thread-safe. Rule G-04.
 */
final class SqliteFilter {

    /** Longer lists are left to Java. */
    private static final int MOST_NAMES = 100;

    private static final String CATEGORY =
            "case instr(stream, '-') when 0 then stream else substr(stream, 1, instr(stream, '-') - 1) end";

    private final StringBuilder conditions = new StringBuilder();
    private final List<String> values = new ArrayList<>();

    SqliteFilter(Filter filter) {
        anyOf("type", filter.types());
        anyOf(CATEGORY, filter.categories());
        String prefix = encodable(filter.prefix());
        if (!prefix.isEmpty()) {
            // Counted in characters, as SQLite does, and not in UTF-16 units.
            conditions.append(" and substr(stream, 1, ").append(prefix.codePointCount(0, prefix.length()));
            conditions.append(") = ?");
            values.add(prefix);
        }
    }

    private void anyOf(String what, Set<String> names) {
        if (!names.isEmpty() && names.size() <= MOST_NAMES) {
            conditions.append(" and ").append(what).append(" in (");
            conditions
                    .append(String.join(", ", Collections.nCopies(names.size(), "?")))
                    .append(')');
            values.addAll(new TreeSet<>(names));
        }
    }

    /** The part of a prefix before its first unpaired surrogate, which has no form in UTF-8. */
    private static String encodable(String prefix) {
        for (int i = 0; i < prefix.length(); i = prefix.offsetByCodePoints(i, 1)) {
            int c = prefix.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                return prefix.substring(0, i);
            }
        }
        return prefix;
    }

    /** Whether SQLite has nothing to check. */
    boolean isAll() {
        return conditions.isEmpty();
    }

    /**
     * A query for a page, ready to run.
     *
     * @param session where
     * @param range a condition on the position with two parameters
     * @param bound the first parameter of the range
     * @param end the second parameter of the range
     * @param order the order of the events
     * @param limit the most events
     */
    PreparedStatement select(SqliteSession session, String range, long bound, long end, String order, int limit)
            throws SQLException {
        PreparedStatement select = session.statement("select " + SqliteRows.COLUMNS + " from polylog_events where "
                + range + conditions + " order by " + order + " limit ?");
        int parameter = 1;
        select.setLong(parameter++, bound);
        select.setLong(parameter++, end);
        for (String value : values) {
            select.setString(parameter++, value);
        }
        select.setInt(parameter, limit);
        return select;
    }
}
