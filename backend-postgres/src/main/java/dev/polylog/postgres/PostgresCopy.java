package dev.polylog.postgres;

import dev.polylog.StreamId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads a page by {@code COPY … TO STDOUT} in PostgreSQL's binary format. A row is one array of bytes then, where the driver
 * makes one for each column of a query's row.
 *
 * <p>The command takes no parameters and is planned each time, so it is for pages of many events, and for queries whose
 * values are numbers. Stateless and thread-safe.
 */
final class PostgresCopy {

    /** For fewer events the planning would count beside them. */
    static final int WORTH = 64;

    private static final int SIGNATURE = 11;
    private static final int FLAGS = 4;

    /** What times are counted from. */
    private static final long BEGINNING =
            LocalDate.of(2000, 1, 1).atStartOfDay(ZoneOffset.UTC).toEpochSecond();

    private static final long MICROS = TimeUnit.SECONDS.toMicros(1);
    private static final long NANOS_OF_MICRO = 1_000;

    private PostgresCopy() {}

    /** Whether the connection is the driver's, or leads to it. */
    static boolean isPossible(Connection connection) throws SQLException {
        return connection.isWrapperFor(PGConnection.class);
    }

    /**
     * Runs a query and reads its rows.
     *
     * @param connection one that leads to the driver's
     * @param query without parameters; its columns are those of {@link PostgresRows}
     */
    static PostgresRows read(Connection connection, String query) throws SQLException {
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy (" + query + ") to stdout (format binary)");
        try {
            PostgresRows rows = new PostgresRows();
            byte[] first = copy.readFromCopy();
            if (first != null) {
                add(rows, behindHeader(ByteBuffer.wrap(first)));
                for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                    add(rows, ByteBuffer.wrap(row));
                }
            }
            return rows;
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** The header comes before the first row: a signature, flags, and the length of what else it has. */
    private static ByteBuffer behindHeader(ByteBuffer row) {
        row.position(SIGNATURE + FLAGS);
        int more = row.getInt();
        return row.position(row.position() + more);
    }

    /** The number of columns, then each behind its length; the last row has no columns, and -1 for their number. */
    private static void add(PostgresRows rows, ByteBuffer row) {
        if (!row.hasRemaining() || row.getShort() < 0) {
            return;
        }
        boolean isNumber = row.getInt() >= 0;
        if (isNumber) {
            rows.found(row.getLong());
            return;
        }
        if (!rows.isOpen()) {
            return;
        }
        long position = number(row);
        long version = number(row);
        long micros = number(row);
        UUID id = id(row);
        StreamId stream = StreamId.of(text(row));
        String type = text(row);
        String contentType = text(row);
        rows.add(position, version, time(micros), id, stream, type, contentType, bytes(row), bytes(row));
    }

    private static long number(ByteBuffer row) {
        return behindLength(row).getLong();
    }

    private static UUID id(ByteBuffer row) {
        behindLength(row);
        return new UUID(row.getLong(), row.getLong());
    }

    /** Before the value of a column whose length is always the same. */
    private static ByteBuffer behindLength(ByteBuffer row) {
        return row.position(row.position() + Integer.BYTES);
    }

    private static Instant time(long micros) {
        return Instant.ofEpochSecond(
                BEGINNING + Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * NANOS_OF_MICRO);
    }

    private static String text(ByteBuffer row) {
        byte[] utf8 = new byte[row.getInt()];
        row.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] bytes(ByteBuffer row) {
        int length = row.getInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        row.get(bytes);
        return bytes;
    }
}
