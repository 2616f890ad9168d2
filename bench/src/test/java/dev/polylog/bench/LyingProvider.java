package dev.polylog.bench;

import dev.polylog.AppendResult;
import dev.polylog.Position;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.Registration;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.util.List;
import java.util.Set;

/** Opens {@code liar:}, a very fast store: it acknowledges every append and writes none. */
public final class LyingProvider implements BackendProvider {

    /** For the service loader. */
    public LyingProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("liar");
    }

    @Override
    public LogBackend open(BackendUrl url) {
        return new Liar(MemoryBackend.create());
    }

    private static final class Liar implements LogBackend {

        private final LogBackend right;

        Liar(LogBackend right) {
            this.right = right;
        }

        @Override
        public AppendOutcome append(AppendCommand command) {
            AppendCommand.StreamWrite write = command.writes().get(0);
            long version = right.readStream(StreamRead.backwards(write.stream(), Long.MAX_VALUE, 1))
                    .streamVersion();
            return new AppendOutcome.Appended(new AppendResult(
                    List.of(new AppendResult.Written(write.stream(), version + 1, version + 1)),
                    Position.of(1),
                    false));
        }

        @Override
        public StreamSlice readStream(StreamRead read) {
            return right.readStream(read);
        }

        @Override
        public LogSlice readAll(LogRead read) {
            return right.readAll(read);
        }

        @Override
        public Registration signal(Runnable listener) {
            return right.signal(listener);
        }

        @Override
        public LogStatus status() {
            return right.status();
        }

        @Override
        public CellStore cells() {
            return right.cells();
        }

        @Override
        public BackendTraits traits() {
            return right.traits();
        }

        @Override
        public void close() {
            right.close();
        }
    }
}
