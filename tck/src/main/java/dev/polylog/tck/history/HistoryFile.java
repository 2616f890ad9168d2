package dev.polylog.tck.history;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import dev.polylog.spi.support.ForwardingBackend;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one process asked a store and was answered, in a file that outlives it: one line before each call and one after it,
 * so that of a process that is killed it is known what it had begun.
 *
 * <p>A test starts processes that each write one, reads them all, and gives the operations to a {@link HistoryChecker}.
 * Moments are those of the machine's monotonic clock, which all its processes share. Thread-safe.
 */
public final class HistoryFile implements AutoCloseable {

    private static final String BEGIN = "begin";
    private static final String END = "end";

    private final BufferedWriter writer;
    private long calls;

    /**
     * Begins a file.
     *
     * @param file where to; replaced if it is there
     * @throws IOException if it cannot be written
     */
    public HistoryFile(Path file) throws IOException {
        writer = Files.newBufferedWriter(file);
    }

    /**
     * The same backend with its appends and its reads of streams written down; all else passes unseen.
     *
     * @param backend does the work; closed with the one that is returned
     * @return takes appends to one stream each; an {@link UncheckedIOException} if the file cannot be written
     */
    public LogBackend recording(LogBackend backend) {
        return new Recorder(backend);
    }

    /**
     * What a file tells. Calls that have no end are unknown where they append and left out where they read, and so is the
     * end of a file that was cut by the end of its process.
     *
     * @param file the file
     * @param client who wrote it, for people
     * @return its operations, in the order in which they were begun, numbered from 1
     * @throws IOException if it cannot be read
     */
    public static List<Operation> read(Path file, String client) throws IOException {
        String text = Files.readString(file);
        Map<String, String[]> begun = new LinkedHashMap<>();
        Map<String, String[]> ended = new HashMap<>();
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(line -> {
            String[] fields = line.split("\t", -1);
            (fields[0].equals(BEGIN) ? begun : ended).put(fields[1], fields);
        });
        List<Operation> operations = new ArrayList<>();
        begun.forEach((call, begin) -> {
            Operation operation = operation(operations.size() + 1L, client, begin, ended.get(call));
            if (operation != null) {
                operations.add(operation);
            }
        });
        return operations;
    }

    private static @Nullable Operation operation(long number, String client, String[] begin, String @Nullable [] end) {
        long invoked = Long.parseLong(begin[2]);
        Action action = HistoryLines.action(begin);
        if (end == null) {
            return action instanceof Action.Append
                    ? new Operation(number, client, invoked, Operation.NEVER, action, new Outcome.Unknown())
                    : null;
        }
        Outcome outcome = HistoryLines.outcome(action, end);
        long completed = outcome instanceof Outcome.Unknown ? Operation.NEVER : Long.parseLong(end[2]);
        return new Operation(number, client, invoked, completed, action, outcome);
    }

    private synchronized long begin(Action action) {
        long call = ++calls;
        write(BEGIN, call, HistoryLines.fields(action));
        return call;
    }

    private synchronized void end(long call, Outcome outcome) {
        write(END, call, HistoryLines.fields(outcome));
    }

    private void write(String what, long call, List<String> fields) {
        try {
            writer.write(what + "\t" + call + "\t" + System.nanoTime() + "\t" + String.join("\t", fields) + "\n");
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the file. */
    @Override
    public void close() throws IOException {
        writer.close();
    }

    /** Writes down what passes. */
    private final class Recorder extends ForwardingBackend {

        Recorder(LogBackend next) {
            super(next);
        }

        @Override
        public AppendOutcome append(AppendCommand command) {
            long call = begin(Action.Append.of(command));
            try {
                AppendOutcome outcome = super.append(command);
                end(call, new Outcome.Decided(outcome));
                return outcome;
            } catch (AppendOutcomeUnknown e) {
                end(call, new Outcome.Unknown());
                throw e;
            } catch (RuntimeException e) {
                end(call, new Outcome.Failed(e.toString()));
                throw e;
            }
        }

        @Override
        public StreamSlice readStream(StreamRead read) {
            long call = begin(Action.ReadStream.of(read));
            try {
                StreamSlice slice = super.readStream(read);
                end(call, Outcome.StreamSeen.of(slice));
                return slice;
            } catch (RuntimeException e) {
                end(call, new Outcome.Failed(e.toString()));
                throw e;
            }
        }
    }
}
