package dev.polylog.sqlite;

import dev.polylog.IncompatibleLayout;
import dev.polylog.StoreUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the database file lies, and whether SQLite can keep its promises there.
 *
 * <p>Looks at names and attributes only and never opens the file: POSIX drops all locks that a process holds on a file
 * when the process closes any descriptor of it, also those of SQLite. Stateless and thread-safe.
 */
final class SqliteFile {

    /**
     * File systems that other machines share. SQLite's write-ahead log needs memory that all users of a file share and
     * locks that all respect, so these lose or tear commits. Others, also local ones through FUSE, are taken.
     */
    private static final Set<String> SHARED = Set.of(
            "9p",
            "afs",
            "beegfs",
            "ceph",
            "cifs",
            "coda",
            "davfs",
            "fuse.ceph",
            "fuse.cephfs",
            "fuse.cifs",
            "fuse.davfs",
            "fuse.davfs2",
            "fuse.gcsfuse",
            "fuse.glusterfs",
            "fuse.goofys",
            "fuse.juicefs",
            "fuse.nfs",
            "fuse.rclone",
            "fuse.s3fs",
            "fuse.sshfs",
            "fuse.vmhgfs-fuse",
            "fuse.webdavfs",
            "gfs",
            "gfs2",
            "glusterfs",
            "gpfs",
            "lustre",
            "ncpfs",
            "nfs",
            "nfs3",
            "nfs4",
            "ocfs2",
            "orangefs",
            "prl_fs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "sshfs",
            "vboxsf",
            "virtiofs",
            "webdav",
            "weka",
            "wekafs");

    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

    private SqliteFile() {}

    /**
     * Checks that the file can be used, or made.
     *
     * @param config which file
     * @throws StoreUnavailable if the folder is missing, or the path names no ordinary file, or rights are missing
     * @throws IncompatibleLayout if the file lies where SQLite cannot keep its promises
     */
    static void check(SqliteConfig config) {
        Path file = config.file();
        Path folder = file.getParent();
        if (folder == null || Files.isDirectory(file)) {
            throw unavailable(config, "it is a folder; name a file in it, such as " + file.resolve("events.db"));
        }
        if (!Files.isDirectory(folder)) {
            throw unavailable(config, "the folder " + folder + " does not exist; create it first");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw unavailable(config, "it is no ordinary file; name another one");
        }
        if (Files.exists(file) && !(Files.isReadable(file) && Files.isWritable(file))) {
            throw unavailable(config, "this user may not read and write it; grant both");
        }
        if (!Files.isWritable(folder)) {
            throw unavailable(
                    config,
                    "this user may not write in the folder " + folder
                            + ", where SQLite keeps its write-ahead log; grant it");
        }
        refuseShared(config, fileSystem(config, folder));
    }

    private static StoreUnavailable unavailable(SqliteConfig config, String why) {
        return new StoreUnavailable("cannot open " + config.address() + ": " + why, null);
    }

    static void refuseShared(SqliteConfig config, String fileSystem) {
        if (SHARED.contains(fileSystem.toLowerCase(Locale.ROOT))) {
            throw new IncompatibleLayout(
                    "refused to open " + config.address() + ": it lies on a network or shared file system ("
                            + fileSystem + "), where SQLite's write-ahead log can lose acknowledged events."
                            + " Use a local disk, or a server such as PostgreSQL for several machines",
                    null);
        }
    }

    private static String fileSystem(SqliteConfig config, Path folder) {
        try {
            Path real = folder.toRealPath();
            if (Files.isReadable(MOUNTS)) {
                return fileSystem(Files.readAllLines(MOUNTS, StandardCharsets.UTF_8), real);
            }
            FileStore store = Files.getFileStore(real);
            return store.type();
        } catch (IOException e) {
            throw new StoreUnavailable(
                    "cannot open " + config.address() + ": it cannot be told on which file system the folder " + folder
                            + " lies: " + e.getMessage(),
                    e);
        }
    }

    /**
     * The type of the file system that holds a path.
     *
     * @param mounts the lines of {@code /proc/self/mountinfo}: the fifth field is the mount point, the first after a
     *     lone hyphen the type; a later line covers an earlier one of the same mount point
     * @param path a path without symbolic links
     * @return the type, empty where no mount point holds the path
     */
    static String fileSystem(List<String> mounts, Path path) {
        String type = "";
        int depth = -1;
        for (String line : mounts) {
            String[] fields = line.split(" ", -1);
            int hyphen = List.of(fields).indexOf("-");
            if (hyphen < 5 || hyphen + 1 >= fields.length) {
                continue;
            }
            Path point = Path.of(unescape(fields[4]));
            if (path.startsWith(point) && point.getNameCount() >= depth) {
                depth = point.getNameCount();
                type = fields[hyphen + 1];
            }
        }
        return type;
    }

    /** Mount points have blanks and the like as three octal digits. */
    private static String unescape(String point) {
        return OCTAL.matcher(point)
                .replaceAll(match ->
                        Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(match.group(1), 8))));
    }
}
