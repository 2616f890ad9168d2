package dev.polylog.postgres;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.StreamRead;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of the reads. It depends on which way, on which parts a filter has and on how bytes are limited, never on
 * values, so each connection prepares few statements.
 *
 * <p>Each is a page of events behind a row that holds nothing but a number of the same snapshot: the log's head, or the
 * stream's version. The two are put together by UNION ALL, since whatever would join or sort them costs more than the
 * read itself. Thread-safe.
 */
final class PostgresQueries {

    /** Below so many bytes for each event of a full page, sums are cheaper than pages that end early. */
    private static final long LEAST_SHARE = 1_024;

    private static final String NO_EVENT = ", null::bigint as position, null::bigint as version,"
            + " null::timestamptz as recorded_at, null::uuid as id, null::text as stream, null::text as type,"
            + " null::text as content_type, null::bytea as payload, null::bytea as metadata";

    /** How a page is kept from holding too many bytes. */
    enum Bytes {
        /** Not at all. */
        UNLIMITED,
        /**
         * An event that is larger than its share of the page comes without payload and metadata, and the page ends before
         * it. Costs next to nothing.
         */
        SHARED,
        /** Sizes are summed up as the rows come; a fifth slower. */
        SUMMED
    }

    private final String schema;

    PostgresQueries(String schema) {
        this.schema = schema;
    }

    /** The cheapest way to keep such a page small. */
    static Bytes bytes(int maxEvents, long maxBytes) {
        if (maxEvents == 1 || maxBytes == Long.MAX_VALUE) {
            return Bytes.UNLIMITED;
        }
        return share(maxEvents, maxBytes) < LEAST_SHARE ? Bytes.SUMMED : Bytes.SHARED;
    }

    /** As many bytes as every event of a full page may have, so that all together stay below the limit. */
    static long share(int maxEvents, long maxBytes) {
        return maxBytes / maxEvents;
    }

    /** Parameters: stream, the share where there is one, stream, from, limit, and bytes where they are summed. */
    String stream(StreamRead read, Bytes bytes) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        // The asker knows the stream's name.
        String columns = columns(bytes).replace("e.stream", "null::text as stream");
        String events =
                "select null::bigint, " + columns + " from " + schema + ".events e where e.stream = ? and e.version "
                        + (forwards ? ">= ? order by e.version" : "<= ? order by e.version desc") + " limit ?";
        String tail = "coalesce((select t.version from " + schema
                + ".events t where t.stream = ? order by t.version desc limit 1), 0)";
        return "select " + tail + " as number" + NO_EVENT + " union all ("
                + limited(events, "version" + (forwards ? "" : " desc"), bytes) + ")";
    }

    /**
     * Parameters: the share where there is one; types where only they are asked for; lower bound, upper bound; types
     * beside other parts, categories and prefix where asked for; limit, and bytes where they are summed.
     */
    String log(LogRead read, Bytes bytes) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        String order = "position" + (forwards ? "" : " desc");
        String head = "select last_position as number" + NO_EVENT + " from " + schema + ".head";
        return head + " union all (" + limited(events(read, bytes, order), order, bytes) + ")";
    }

    /**
     * The same for everything, with its numbers in it: for a command that takes no parameters.
     *
     * @param read without a filter
     * @param bytes how bytes are limited
     * @param lower the lower bound
     * @param upper the upper bound
     */
    String log(LogRead read, Bytes bytes, long lower, long upper) {
        List<Long> numbers = new ArrayList<>();
        if (bytes == Bytes.SHARED) {
            long share = share(read.maxEvents(), read.maxBytes());
            numbers.addAll(List.of(share, share));
        }
        numbers.addAll(List.of(lower, upper, (long) read.maxEvents()));
        if (bytes == Bytes.SUMMED) {
            numbers.add(read.maxBytes());
        }
        String query = log(read, bytes);
        for (long number : numbers) {
            query = query.replaceFirst("\\?", Long.toString(number));
        }
        return query;
    }

    private String events(LogRead read, Bytes bytes, String order) {
        Filter filter = read.filter();
        String between = read.direction() == Direction.FORWARDS
                ? "e.position > ? and e.position <= ?"
                : "e.position >= ? and e.position < ?";
        if (isByType(filter)) {
            // From match to match through the index, type by type, however far they lie apart.
            return "select null::bigint, " + columns(bytes) + " from (select distinct unnest(?) as type) t"
                    + " cross join lateral (select * from " + schema + ".events e where e.type = t.type and " + between
                    + " order by e." + order + " limit ?) e order by e." + order + " limit ?";
        }
        return "select null::bigint, " + columns(bytes) + " from " + schema + ".events e where " + between
                + (filter.types().isEmpty() ? "" : " and e.type = any (?)")
                + (filter.categories().isEmpty() ? "" : " and split_part(e.stream, '-', 1) = any (?)")
                + (filter.prefix().isEmpty() ? "" : " and starts_with(e.stream, ?)") + " order by e." + order
                + " limit ?";
    }

    /** Whether a filter asks for types and nothing else. */
    static boolean isByType(Filter filter) {
        return !filter.types().isEmpty()
                && filter.categories().isEmpty()
                && filter.prefix().isEmpty();
    }

    private static String columns(Bytes bytes) {
        if (bytes != Bytes.SHARED) {
            return PostgresRows.COLUMNS;
        }
        String fits = "case when octet_length(e.payload) + octet_length(e.metadata) <= ? then e.";
        return PostgresRows.COLUMNS.replace(
                "e.payload, e.metadata", fits + "payload end as payload, " + fits + "metadata end as metadata");
    }

    private static String limited(String events, String order, Bytes bytes) {
        if (bytes != Bytes.SUMMED) {
            return events;
        }
        return "select null::bigint, " + PostgresRows.COLUMNS
                + " from (select *, sum(octet_length(payload) + octet_length(metadata)) over (order by " + order
                + " rows between unbounded preceding and 1 preceding) as bytes_before from (" + events
                + ") e) e where coalesce(bytes_before, 0) < ?";
    }

    /** The log's id, its epoch with the server's timeline in it, and its head. */
    String status() {
        return "select log_id::text, epoch || '.' || substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()),"
                + " 1, 8), last_position from " + schema + ".head";
    }
}
