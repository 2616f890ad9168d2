package dev.polylog.servers.postgres;

import dev.polylog.servers.Folders;
import dev.polylog.servers.FreePorts;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.ServerFolder;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Set;

/**
 * A standby on a base backup, which is taken through SQL because the artifacts hold no {@code pg_basebackup}.
 *
 * <p>(1) A replication slot on the primary keeps the log that the standby will ask for. (2) The backup is started. (3)
 * The data folder is copied while the primary runs, without what belongs to the running primary only. (4) The backup is
 * stopped; the label that it gives tells the standby where to begin. (5) The standby starts and fetches all log from the
 * primary. Thread-safe.
 */
final class PostgresStandby extends PostgresProcess implements StandbyPostgresServer {

    private static final int FIRST_WITH_BACKUP_START = 15;
    /** Contents that the manual says to leave out of a backup; the folders themselves must be there. */
    private static final Set<String> EMPTIED = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private static final Set<String> LEFT_OUT = Set.of("postmaster.pid", "postmaster.opts", "postgresql.auto.conf");

    private PostgresStandby(ServerFolder folder, PostgresProcess primary, PostgresAccess access) {
        super(folder, primary.binaries(), primary.user(), access);
    }

    static PostgresStandby of(PostgresProcess primary, String name) {
        if (!name.matches("[a-z][a-z0-9_]{0,49}")) {
            throw new IllegalArgumentException(
                    "standby '" + name + "': expected up to 50 small letters, digits and underscores, a letter first");
        }
        PostgresAccess access = primary.access().through(new ServerAddress(LOOPBACK, FreePorts.next()));
        return started(
                new PostgresStandby(ServerFolder.create("postgres-standby"), primary, access),
                made -> made.prepare(primary, name));
    }

    private void prepare(PostgresProcess primary, String name) {
        try (Connection connection = primary.access().connect();
                Statement statement = connection.createStatement()) {
            ask(statement, "SELECT pg_create_physical_replication_slot('" + name + "', true)");
            boolean renamed = primary.binaries().major() >= FIRST_WITH_BACKUP_START;
            ask(
                    statement,
                    renamed ? "SELECT pg_backup_start('copy', true)" : "SELECT pg_start_backup('copy', true, false)");
            copy(primary.data());
            String label = ask(
                    statement,
                    renamed
                            ? "SELECT labelfile FROM pg_backup_stop(false)"
                            : "SELECT labelfile FROM pg_stop_backup(false, false)");
            Files.writeString(data().resolve("backup_label"), label);
            Files.createFile(data().resolve("standby.signal"));
            Files.writeString(data().resolve("postgresql.conf"), follow(primary, name), StandardOpenOption.APPEND);
            user().own(data());
        } catch (IOException | SQLException e) {
            throw new ServerFailure("cannot copy the server at " + primary.address() + " for a standby", e);
        }
    }

    private String follow(PostgresProcess primary, String name) {
        String connection = "host=" + LOOPBACK + " port=" + primary.address().port() + " user="
                + primary.access().user() + " password=" + primary.access().password() + " application_name=" + name;
        return "port = " + address().port() + "\nprimary_conninfo = '" + connection + "'\nprimary_slot_name = '" + name
                + "'\n";
    }

    private void copy(Path from) throws IOException {
        var onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectory(data(), onlyOwner);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path entry : entries) {
                String name = Objects.requireNonNull(entry.getFileName()).toString();
                if (EMPTIED.contains(name)) {
                    Files.createDirectory(data().resolve(name), onlyOwner);
                } else if (!LEFT_OUT.contains(name)) {
                    Folders.copy(entry, data().resolve(name));
                }
            }
        }
    }

    @Override
    public void promote() {
        try (Connection connection = access().connect();
                Statement statement = connection.createStatement()) {
            if (!ask(statement, "SELECT pg_promote(true, 60)").equals("t")) {
                throw new ServerFailure("the standby at " + address() + " did not become a primary within 60 s");
            }
        } catch (SQLException e) {
            throw new ServerFailure("cannot promote the standby at " + address(), e);
        }
    }

    private static String ask(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
