package dev.polylog.kafka;

import dev.polylog.StoreUnavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one handle's view. Handles that are open at the same time have numbered folders side by side; who opens
 * takes the first that nobody has, so that a process that is started again finds its view.
 *
 * <p>Thread-safe.
 */
final class ViewFolder implements AutoCloseable {

    private static final int MOST = 256;

    private final Path path;
    private final FileChannel channel;

    private ViewFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Takes a folder that nobody has.
     *
     * @param base the folder of the topic's views, made where there is none
     * @throws StoreUnavailable if the folder cannot be written to, or 256 handles have a view below it already
     */
    static ViewFolder claim(Path base) {
        try {
            for (int number = 0; number < MOST; number++) {
                ViewFolder folder = claim(base, number);
                if (folder != null) {
                    return folder;
                }
            }
        } catch (IOException e) {
            throw new StoreUnavailable(
                    "the folder for views " + base + " cannot be used: " + e
                            + ". Name one that can be written to by the option view",
                    e);
        }
        throw new StoreUnavailable(
                MOST + " views below " + base + " are open already; name another folder by the option view", null);
    }

    private static @Nullable ViewFolder claim(Path base, int number) throws IOException {
        Path path = base.resolve(String.valueOf(number));
        Files.createDirectories(path);
        FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(channel)) {
            channel.close();
            return null;
        }
        ViewFolder folder = new ViewFolder(path, channel);
        if (Files.exists(folder.verdict())) {
            folder.wipe();
        }
        return folder;
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path files() {
        return path.resolve("files");
    }

    private Path verdict() {
        return path.resolve("rebuild");
    }

    /** Notes that the view must not be used again; the next one who takes the folder begins anew. */
    void condemn() {
        try {
            Files.writeString(verdict(), "");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note that the view in " + path + " is to be made anew", e);
        }
    }

    /** Removes the view, so that it is made anew. */
    void wipe() {
        try {
            if (Files.exists(files())) {
                List<Path> all;
                try (Stream<Path> paths = Files.walk(files())) {
                    all = paths.sorted(Comparator.reverseOrder()).toList();
                }
                for (Path file : all) {
                    Files.delete(file);
                }
            }
            Files.deleteIfExists(verdict());
        } catch (IOException e) {
            throw new StoreUnavailable("the view in " + path + " cannot be removed: " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give up the folder " + path, e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
