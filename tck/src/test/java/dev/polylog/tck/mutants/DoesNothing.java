package dev.polylog.tck.mutants;

import dev.polylog.AppendResult;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.Watermark;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import dev.polylog.spi.support.ForwardingBackend;
import java.util.List;
import java.util.Optional;

/** Says yes to everything and keeps nothing. */
final class DoesNothing extends ForwardingBackend {

    private final CellStore cells = new CellStore() {
        @Override
        public Optional<Cell> get(String name) {
            return Optional.empty();
        }

        @Override
        public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
            return new SetOutcome.Done(expectedRevision + 1);
        }
    };

    DoesNothing(LogBackend honest) {
        super(honest);
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        return new AppendOutcome.Appended(new AppendResult(
                command.writes().stream()
                        .map(write -> new AppendResult.Written(
                                write.stream(), 1, write.events().size()))
                        .toList(),
                Position.of(1),
                false));
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        return new StreamSlice(List.of(), true, 0);
    }

    @Override
    public LogSlice readAll(LogRead read) {
        return new LogSlice(List.of(), read.bound(), true);
    }

    @Override
    public LogStatus status() {
        return new LogStatus("nothing", "1", Watermark.at(Position.START));
    }

    @Override
    public CellStore cells() {
        return cells;
    }
}
