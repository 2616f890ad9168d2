package dev.polylog.postgres;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.StreamRead;

/**
 * The text of the reads. It depends on which way, on which parts a filter has and on whether bytes are limited, never on
 * values, so each connection prepares few statements. Thread-safe.
 */
final class PostgresQueries {

    private final String schema;

    PostgresQueries(String schema) {
        this.schema = schema;
    }

    static boolean isLimited(long maxBytes) {
        return maxBytes < Long.MAX_VALUE;
    }

    /** Parameters: stream, stream, from, limit, and bytes where they are limited. */
    String stream(StreamRead read) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        String events =
                "select " + PostgresRows.COLUMNS + " from " + schema + ".events e where e.stream = ? and e.version "
                        + (forwards ? ">= ? order by e.version" : "<= ? order by e.version desc") + " limit ?";
        String tail = "select coalesce((select t.version from " + schema
                + ".events t where t.stream = ? order by t.version desc limit 1), 0) as number";
        return beside(tail, events, "version" + (forwards ? "" : " desc"), read.maxBytes());
    }

    /** Parameters: lower bound, upper bound, types, categories and prefix where asked for, limit, and bytes. */
    String log(LogRead read) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        Filter filter = read.filter();
        String events = "select " + PostgresRows.COLUMNS + " from " + schema + ".events e where "
                + (forwards ? "e.position > ? and e.position <= ?" : "e.position >= ? and e.position < ?")
                + (filter.types().isEmpty() ? "" : " and e.type = any (?)")
                + (filter.categories().isEmpty() ? "" : " and split_part(e.stream, '-', 1) = any (?)")
                + (filter.prefix().isEmpty() ? "" : " and starts_with(e.stream, ?)")
                + " order by e.position" + (forwards ? "" : " desc") + " limit ?";
        String head = "select last_position as number from " + schema + ".head";
        return beside(head, events, "position" + (forwards ? "" : " desc"), read.maxBytes());
    }

    private static String beside(String number, String events, String order, long maxBytes) {
        String page = events;
        if (isLimited(maxBytes)) {
            page = "select * from (select *, sum(octet_length(payload) + octet_length(metadata)) over (order by "
                    + order
                    + " rows between unbounded preceding and 1 preceding) as bytes_before from (" + events
                    + ") e) e where coalesce(bytes_before, 0) < ?";
        }
        return "select n.number, " + PostgresRows.COLUMNS + " from (" + number + ") n left join lateral (" + page
                + ") e on true order by e." + order;
    }

    /** The log's id, its epoch with the server's timeline in it, and its head. */
    String status() {
        return "select log_id::text, epoch || '.' || substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()),"
                + " 1, 8), last_position from " + schema + ".head";
    }
}
