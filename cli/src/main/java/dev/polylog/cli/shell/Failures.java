package dev.polylog.cli.shell;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.CellOutcomeUnknown;
import dev.polylog.CorruptEvent;
import dev.polylog.DuplicateEvent;
import dev.polylog.IncompatibleLayout;
import dev.polylog.InvalidAppend;
import dev.polylog.InvalidStoreUrl;
import dev.polylog.LogDiverged;
import dev.polylog.MirrorReplaced;
import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.UnsupportedByStore;
import dev.polylog.VersionConflict;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one place that turns whatever a command throws into a message and an exit code. Stateless and thread-safe.
 */
public final class Failures {

    /** Every exception that a store throws on purpose. */
    private static final Map<Class<? extends PolylogException>, Integer> CODES = Map.ofEntries(
            Map.entry(VersionConflict.class, ExitCode.CONFLICT),
            Map.entry(DuplicateEvent.class, ExitCode.CONFLICT),
            Map.entry(MirrorReplaced.class, ExitCode.CONFLICT),
            Map.entry(InvalidAppend.class, ExitCode.USAGE),
            Map.entry(InvalidStoreUrl.class, ExitCode.USAGE),
            Map.entry(StoreUnavailable.class, ExitCode.UNAVAILABLE),
            Map.entry(AppendOutcomeUnknown.class, ExitCode.UNAVAILABLE),
            Map.entry(CellOutcomeUnknown.class, ExitCode.UNAVAILABLE),
            Map.entry(UnsupportedByStore.class, ExitCode.UNSUPPORTED),
            Map.entry(CorruptEvent.class, ExitCode.FINDINGS),
            Map.entry(IncompatibleLayout.class, ExitCode.FAILURE),
            Map.entry(LogDiverged.class, ExitCode.FAILURE),
            Map.entry(StoreClosed.class, ExitCode.FAILURE));

    private Failures() {}

    /** The exceptions of stores that have a code. */
    static Set<Class<? extends PolylogException>> known() {
        return CODES.keySet();
    }

    /**
     * How the process ends.
     *
     * @param failure what a command threw
     * @return one of {@link ExitCode}
     */
    public static int exitCode(Throwable failure) {
        if (failure instanceof CommandFailed failed) {
            return failed.exitCode();
        }
        if (failure instanceof OutputClosed) {
            return ExitCode.DONE;
        }
        if (failure instanceof Interrupted) {
            return ExitCode.INTERRUPTED;
        }
        if (failure instanceof NoSuchFileException) {
            return ExitCode.NOT_FOUND;
        }
        if (failure instanceof IllegalArgumentException) {
            return ExitCode.USAGE;
        }
        return CODES.getOrDefault(failure.getClass(), ExitCode.FAILURE);
    }

    /**
     * What is said about it.
     *
     * @param failure what a command threw
     * @return a sentence, or empty where nothing is to be said
     */
    public static String message(Throwable failure) {
        if (failure instanceof OutputClosed) {
            return "";
        }
        if (failure instanceof FileSystemException file) {
            return file(file);
        }
        if (failure instanceof CommandFailed
                || failure instanceof Interrupted
                || failure instanceof PolylogException
                || failure instanceof IllegalArgumentException) {
            return orName(failure.getMessage(), failure);
        }
        if (failure instanceof OutOfMemoryError) {
            return "out of memory; give the command more, for example POLYLOG_JAVA_OPTS=-Xmx4g";
        }
        if (failure instanceof IOException) {
            return "input or output failed: " + orName(failure.getMessage(), failure);
        }
        return "this should not have happened: " + failure.getClass().getSimpleName() + ": " + failure.getMessage()
                + "; run it again with --debug and report what it shows";
    }

    private static String file(FileSystemException failure) {
        String file = failure.getFile() == null ? "the file" : failure.getFile();
        if (failure instanceof NoSuchFileException) {
            return file + ": no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return file + ": permission denied";
        }
        return file + ": " + orName(failure.getReason(), failure);
    }

    private static String orName(@Nullable String message, Throwable failure) {
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
