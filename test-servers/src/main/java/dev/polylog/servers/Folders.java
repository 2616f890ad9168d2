package dev.polylog.servers;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Folders of servers: the home that all builds of a user share, copies and removal of trees.
 *
 * <p>For kinds of servers. Thread-safe.
 */
public final class Folders {

    private static final Set<PosixFilePermission> OPEN = PosixFilePermissions.fromString("rwxr-xr-x");

    private Folders() {}

    /**
     * The folder below which everything of test servers lies: {@code -Dpolylog.servers.folder}, else one of this user's
     * in the system's temporary folder.
     *
     * @return an existing folder that only this user can write to
     * @throws ServerFailure if it cannot be made, or if it belongs to somebody else
     */
    public static Path home() {
        String parent = System.getProperty("polylog.servers.folder", System.getProperty("java.io.tmpdir"));
        Path home = Path.of(parent, "polylog-servers-" + userName()).toAbsolutePath();
        try {
            Files.createDirectories(home.getParent());
            if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
                open(home);
            }
            requireOurs(home);
            return home;
        } catch (IOException e) {
            throw new ServerFailure("cannot make the folder of test servers " + home, e);
        }
    }

    private static String userName() {
        String name = System.getProperty("user.name", "?");
        return name.matches("[A-Za-z0-9._-]+")
                ? name
                : Shell.run(List.of("id", "-u")).output();
    }

    /**
     * Makes a folder that everybody can read, whatever the umask, if it is not there.
     *
     * @param folder its path, whose parent exists
     * @return the same path
     * @throws IOException if it cannot be made
     */
    public static Path open(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, OPEN);
        return folder;
    }

    // The programs that are run lie here: in a folder that others can write to they could be somebody else's.
    private static void requireOurs(Path home) throws IOException {
        Path probe = Files.createTempFile(home, "owner", null);
        boolean ours = Files.getOwner(probe).equals(Files.getOwner(home, LinkOption.NOFOLLOW_LINKS));
        Files.delete(probe);
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(home, LinkOption.NOFOLLOW_LINKS);
        if (!ours
                || permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new ServerFailure(
                    "the folder of test servers " + home + " must belong to this user and be writable to"
                            + " nobody else: remove it, or name another in -Dpolylog.servers.folder");
        }
    }

    /**
     * Copies a folder with all that is in it, with owners and permissions as far as this user may give them.
     *
     * @param from an existing folder at rest
     * @param to a path that does not exist
     * @throws ServerFailure if a file cannot be read or written
     */
    public static void copy(Path from, Path to) {
        run("cp", "-Rp", from.toString(), to.toString());
    }

    /**
     * Removes a folder with all that is in it; what is gone already is no failure.
     *
     * @param folder what to remove
     * @throws ServerFailure if something cannot be removed
     */
    public static void remove(Path folder) {
        run("rm", "-rf", folder.toString());
    }

    /**
     * Lets everybody read a folder with all that is in it, whatever the umask, and nobody else write to it.
     *
     * @param folder an existing folder
     * @throws ServerFailure if the permissions cannot be changed
     */
    public static void share(Path folder) {
        run("chmod", "-R", "a+rX,go-w", folder.toString());
    }

    /** Makes the contents of a folder. */
    @FunctionalInterface
    public interface Maker {

        /**
         * Makes them.
         *
         * @param folder an empty folder
         * @throws IOException if they cannot be made
         */
        void fill(Path folder) throws IOException;
    }

    /**
     * Makes a folder that several JVMs want, unless it is there: it appears all at once, when it is complete.
     *
     * @param folder its path below {@link #home()}
     * @param maker makes what is in it
     * @throws IOException if it cannot be made; nothing is left of it then
     */
    public static void once(Path folder, Maker maker) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path fresh = open(Files.createTempDirectory(home(), "new-"));
        try {
            maker.fill(fresh);
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            // Another JVM was quicker.
        } finally {
            remove(fresh);
        }
    }

    // Half of the time that a walk from here takes, a thousand files each time.
    private static void run(String... command) {
        Shell.Result result = Shell.run(List.of(command));
        if (result.exit() != 0) {
            throw new ServerFailure(String.join(" ", command) + " failed: " + result.output());
        }
    }
}
