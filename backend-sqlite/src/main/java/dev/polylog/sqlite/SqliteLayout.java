package dev.polylog.sqlite;

import dev.polylog.IncompatibleLayout;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How the log lies in the file.
 *
 * <p>{@code polylog_events} is the log itself, in its global order; triggers keep its rows from being changed or deleted,
 * so the position after the greatest one has never been taken. {@code polylog_head} is one row: identity, epoch, and a
 * count that grows when an append in doubt is resolved; an append does not touch it, which saves one page of each commit.
 * {@code polylog_cells} are the cells. The file's {@code application_id} says that it is ours, its {@code user_version} is
 * the version of this layout. {@code polylog_readable} is for people.
 *
 * <p>Stateless and thread-safe, also between processes. Failures: {@link IncompatibleLayout}. Rule L-01.
 */
final class SqliteLayout {

    /** "PLOG" in ASCII. */
    static final int APPLICATION_ID = 0x504C4F47;

    static final int VERSION = 1;

    /** Half of what is usual: every stream that grows changes a page of the index of its own, which is logged whole. */
    private static final int PAGE_BYTES = 2_048;

    /** The position of the last event, as a query: one step to the end of the table. */
    static final String LAST_POSITION = "select coalesce(max(position), 0) from polylog_events";

    private static final List<String> STATEMENTS = List.of(
            """
            create table polylog_head (
              id integer primary key check (id = 1),
              log_id text not null,
              epoch text not null,
              fence integer not null
            ) strict""",
            """
            create table polylog_events (
              position integer primary key,
              stream text not null,
              version integer not null,
              id blob not null,
              type text not null,
              content_type text not null,
              payload blob not null,
              metadata text not null,
              recorded_at integer not null
            ) strict""",
            "create unique index polylog_events_by_stream on polylog_events (stream, version)",
            """
            create trigger polylog_events_never_change before update on polylog_events
            begin select raise(abort, 'events of a log are never changed'); end""",
            """
            create trigger polylog_events_never_vanish before delete on polylog_events
            begin select raise(abort, 'events of a log are never deleted'); end""",
            """
            create table polylog_cells (
              name text not null primary key,
              revision integer not null,
              value blob not null
            ) strict, without rowid""",
            """
            create view polylog_readable as select position, stream, version, lower(hex(id)) as id, type, content_type,
              iif(content_type like '%json%' or content_type like 'text/%', cast(payload as text), null) as payload,
              metadata, strftime('%Y-%m-%dT%H:%M:%fZ', recorded_at / 1000000.0, 'unixepoch') as recorded_at
            from polylog_events""",
            "pragma application_id = " + APPLICATION_ID,
            "pragma user_version = " + VERSION);

    private final SqliteConfig config;
    private final SqliteSession session;

    private SqliteLayout(SqliteConfig config, SqliteSession session) {
        this.config = config;
        this.session = session;
    }

    /**
     * Makes the layout where the file is empty, and checks it where it is not. Many processes may do so at once.
     *
     * @param config which file
     * @param session a connection for writing, outside of a transaction
     * @throws SQLException if SQLite fails
     * @throws IncompatibleLayout if the file holds something else, or a layout that this version does not know
     */
    static void prepare(SqliteConfig config, SqliteSession session) throws SQLException {
        new SqliteLayout(config, session).prepare();
    }

    private void prepare() throws SQLException {
        // Looked at before anything is changed: a foreign file stays as it is.
        // In one transaction: another process may be making the layout between two looks.
        session.beginReading();
        boolean empty = isEmpty();
        session.commit();
        switchToWriteAheadLog();
        if (empty) {
            session.beginWriting();
            if (isEmpty()) {
                create();
            }
            session.commit();
        }
        checkHead();
    }

    private boolean isEmpty() throws SQLException {
        long application = number("pragma application_id");
        long version = number("pragma user_version");
        List<String> tables = tables();
        if (application == 0 && version == 0 && tables.isEmpty()) {
            return true;
        }
        if (application != APPLICATION_ID) {
            throw new IncompatibleLayout(
                    "refused to open " + config.address() + ": it is an SQLite database of something else"
                            + " (application_id " + application + ", tables " + tables + "); nothing was changed."
                            + " Name another file",
                    null);
        }
        if (version != VERSION) {
            throw new IncompatibleLayout(
                    "refused to open " + config.address() + ": its layout has version " + version
                            + ", this library knows version " + VERSION + "; nothing was changed."
                            + " Use the version of Polylog that wrote the file, or a newer one",
                    null);
        }
        return false;
    }

    private long number(String sql) throws SQLException {
        String text = session.text(sql);
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private List<String> tables() throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = session.statement(
                        "select name from sqlite_master where type = 'table' order by name limit 10")
                .executeQuery()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** Two processes that switch an empty file at once get BUSY without any waiting, so this waits itself. */
    private void switchToWriteAheadLog() throws SQLException {
        long deadline = System.nanoTime() + config.busyTimeout().toNanos();
        while (true) {
            try {
                // Heeded as long as the file is empty.
                session.execute("pragma page_size = " + PAGE_BYTES);
                String mode = session.text("pragma journal_mode = wal");
                if (!mode.equals("wal")) {
                    throw new IncompatibleLayout(
                            "refused to open " + config.address() + ": SQLite cannot keep a write-ahead log there; its"
                                    + " journal mode stays \"" + mode + "\". Use a local disk",
                            null);
                }
                return;
            } catch (SQLException e) {
                if (SqliteFailures.kind(e) != SqliteFailures.Kind.BUSY || System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
        }
    }

    private void create() throws SQLException {
        for (String statement : STATEMENTS) {
            session.execute(statement);
        }
        PreparedStatement head =
                session.statement("insert into polylog_head (id, log_id, epoch, fence) values (1, ?, ?, 0)");
        head.setString(1, UUID.randomUUID().toString());
        head.setString(2, newEpoch());
        head.executeUpdate();
    }

    /** A name for an epoch that no other epoch has. */
    static String newEpoch() {
        return UUID.randomUUID().toString();
    }

    private void checkHead() throws SQLException {
        String state = session.text(
                "select encoding || ', ' || (select count(*) from polylog_head) || ' head row' from pragma_encoding");
        if (!state.equals("UTF-8, 1 head row")) {
            throw new IncompatibleLayout(
                    "refused to open " + config.address()
                            + ": the log in it is damaged or was changed by other software:"
                            + " expected UTF-8, 1 head row; found " + state + ". Restore a backup",
                    null);
        }
    }
}
