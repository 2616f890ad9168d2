package dev.polylog.servers;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        Path home = Path.of(parent, "polylog-servers-" + System.getProperty("user.name"))
                .toAbsolutePath();
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
     * Copies a folder with all that is in it, with its permissions.
     *
     * @param from an existing folder at rest
     * @param to a path that does not exist
     * @throws IOException if a file cannot be read or written
     */
    public static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                return put(folder);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                return put(file);
            }

            private FileVisitResult put(Path path) throws IOException {
                Path target = to.resolve(from.relativize(path).toString());
                Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /**
     * Removes a folder with all that is in it; what is gone already is no failure.
     *
     * @param folder what to remove
     * @throws IOException if something cannot be removed
     */
    public static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
