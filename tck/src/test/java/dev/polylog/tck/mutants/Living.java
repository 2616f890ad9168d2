package dev.polylog.tck.mutants;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.Registration;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.support.ForwardingBackend;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Wrong ways to fail, to signal, to keep cells and to end. */
final class Living {

    private Living() {}

    /** Declares that it survives a loss of power, and forgets everything. */
    static LogBackend forgetful(LogBackend honest, Shared shared) {
        return new ForwardingBackend(honest) {
            @Override
            public BackendTraits traits() {
                BackendTraits t = next().traits();
                return new BackendTraits(
                        t.backend(),
                        BackendTraits.Durability.LOCAL,
                        t.limits(),
                        t.unwrittenExpectations(),
                        t.multiStreamReads(),
                        t.repeatWindow(),
                        t.duplicateDetection(),
                        t.signalBound(),
                        t.holdBound(),
                        t.closeBound());
            }
        };
    }

    /** Says that nothing was written where it does not know. */
    static LogBackend swallowsUnknown(LogBackend honest, Shared shared) {
        return Appending.lying(honest, (command, next) -> {
            try {
                return next.append(command);
            } catch (AppendOutcomeUnknown e) {
                throw new StoreUnavailable("the append failed", e);
            }
        });
    }

    /** Resolves by looking, without keeping a late attempt from arriving. */
    static LogBackend looksWithoutFence(LogBackend honest, Shared shared) {
        return Appending.lying(honest, (command, next) -> {
            try {
                return next.append(command);
            } catch (AppendOutcomeUnknown e) {
                throw new AppendOutcomeUnknown(command.eventIds(), "no answer", e, () -> look(command, next));
            }
        });
    }

    private static Optional<AppendResult> look(AppendCommand command, LogBackend next) {
        StreamId stream = command.writes().get(0).stream();
        List<RecordedEvent> events =
                next.readStream(StreamRead.forwards(stream, 1, 1_000)).events();
        for (RecordedEvent event : events) {
            if (event.id().equals(command.eventIds().get(0))) {
                long last = event.version() + command.eventCount() - 1;
                return Optional.of(new AppendResult(
                        List.of(new AppendResult.Written(stream, event.version(), last)),
                        events.get((int) last - 1).position(),
                        false));
            }
        }
        return Optional.empty();
    }

    /** Sends an append again where it got no answer, with new ids. */
    static LogBackend retriesUnderNewIds(LogBackend honest, Shared shared) {
        return Appending.lying(honest, (command, next) -> {
            try {
                return next.append(command);
            } catch (AppendOutcomeUnknown e) {
                AppendCommand.StreamWrite write = command.writes().get(0);
                List<EventData> again = write.events().stream()
                        .map(event -> event.withId(UUID.randomUUID()))
                        .toList();
                AppendOutcome outcome = next.append(AppendCommand.of(write.stream(), ExpectedVersion.any(), again));
                return outcome;
            }
        });
    }

    /** Never signals. */
    static LogBackend loses(LogBackend honest, Shared shared) {
        return new ForwardingBackend(honest) {
            @Override
            public Registration signal(Runnable listener) {
                return next().signal(() -> {});
            }
        };
    }

    /** Goes on signalling after the registration was closed. */
    static LogBackend signalsForEver(LogBackend honest, Shared shared) {
        return new ForwardingBackend(honest) {
            @Override
            public Registration signal(Runnable listener) {
                Registration registration = next().signal(listener);
                return () -> shared.cells.put("kept " + registration, Payload.empty());
            }
        };
    }

    /** Answers although it was closed. */
    static LogBackend neverCloses(LogBackend honest, Shared shared) {
        return new ForwardingBackend(honest) {
            @Override
            public void close() {
                // stays open
            }
        };
    }

    /** Fails when it is closed again. */
    static LogBackend closesOnce(LogBackend honest, Shared shared) {
        return new ForwardingBackend(honest) {
            private boolean closed;

            @Override
            public synchronized void close() {
                if (closed) {
                    throw new IllegalStateException("closed already");
                }
                closed = true;
                next().close();
            }
        };
    }

    /** Cells, kept wrong. */
    private abstract static class LyingCells implements CellStore {

        final CellStore honest;

        LyingCells(CellStore honest) {
            this.honest = honest;
        }

        @Override
        public Optional<Cell> get(String name) {
            return honest.get(name);
        }

        @Override
        public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
            return honest.compareAndSet(name, expectedRevision, value);
        }
    }

    private static LogBackend with(LogBackend honest, CellStore cells) {
        return new ForwardingBackend(honest) {
            @Override
            public CellStore cells() {
                return cells;
            }
        };
    }

    /** Lets whoever is last win. */
    static LogBackend lastWriterWins(LogBackend honest, Shared shared) {
        return with(honest, new LyingCells(honest.cells()) {
            @Override
            public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
                SetOutcome outcome = honest.compareAndSet(name, expectedRevision, value);
                return outcome instanceof SetOutcome.Mismatch mismatch && mismatch.actualRevision() > expectedRevision
                        ? honest.compareAndSet(name, mismatch.actualRevision(), value)
                        : outcome;
            }
        });
    }

    /** Reads a cell once and then from memory. */
    static LogBackend staleCells(LogBackend honest, Shared shared) {
        Map<String, CellStore.Cell> seen = new ConcurrentHashMap<>();
        return with(honest, new LyingCells(honest.cells()) {
            @Override
            public Optional<Cell> get(String name) {
                Optional<Cell> cell = honest.get(name);
                cell.ifPresent(now -> seen.putIfAbsent(name, now));
                return Optional.ofNullable(seen.get(name));
            }

            @Override
            public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
                seen.remove(name);
                SetOutcome outcome = honest.compareAndSet(name, expectedRevision, value);
                seen.remove(name);
                return outcome;
            }
        });
    }

    /** Keeps cells as events that everybody sees. */
    static LogBackend cellsAreEvents(LogBackend log, Shared shared) {
        return with(log, new LyingCells(log.cells()) {
            @Override
            public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
                SetOutcome outcome = honest.compareAndSet(name, expectedRevision, value);
                EventData event = EventData.of("Cell", "application/octet-stream", value);
                log.append(AppendCommand.of(StreamId.of("cells"), ExpectedVersion.any(), List.of(event)));
                return outcome;
            }
        });
    }

    /** Cuts long values. */
    static LogBackend cutsCells(LogBackend honest, Shared shared) {
        return with(honest, new LyingCells(honest.cells()) {
            @Override
            public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
                byte[] bytes = value.toByteArray();
                return honest.compareAndSet(
                        name,
                        expectedRevision,
                        bytes.length > 40_000 ? Payload.of(Arrays.copyOf(bytes, 40_000)) : value);
            }
        });
    }
}
