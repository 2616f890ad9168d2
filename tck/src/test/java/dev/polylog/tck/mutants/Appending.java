package dev.polylog.tck.mutants;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.support.ForwardingBackend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Wrong ways to append. */
final class Appending {

    private Appending() {}

    /** An append, done wrong. */
    @FunctionalInterface
    interface Lie {
        AppendOutcome append(AppendCommand command, LogBackend honest);
    }

    static LogBackend lying(LogBackend honest, Lie lie) {
        return new ForwardingBackend(honest) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                return lie.append(command, next());
            }
        };
    }

    /** Lets a writer in that is one version behind. */
    static LogBackend staleVersion(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            AppendOutcome outcome = next.append(command);
            boolean behind = outcome instanceof AppendOutcome.Conflict conflict
                    && conflict.expected() instanceof ExpectedVersion.Exactly exactly
                    && exactly.version() + 1 == conflict.actual();
            return behind ? next.append(expecting(command, ExpectedVersion.any())) : outcome;
        });
    }

    /** Says success to the second of two racers, and writes nothing for it. */
    static LogBackend twoWinners(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            AppendOutcome outcome = next.append(command);
            if (outcome instanceof AppendOutcome.Conflict conflict
                    && conflict.expected() instanceof ExpectedVersion.Exactly exactly
                    && exactly.version() + 1 == conflict.actual()) {
                long first = exactly.version() + 1;
                int events = command.eventCount();
                return new AppendOutcome.Appended(new AppendResult(
                        List.of(new AppendResult.Written(conflict.stream(), first, first + events - 1)),
                        next.status().watermark().head(),
                        false));
            }
            return outcome;
        });
    }

    private static AppendCommand expecting(AppendCommand command, ExpectedVersion expected) {
        Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>(command.expectations());
        expectations.replaceAll((stream, old) -> expected);
        return new AppendCommand(expectations, command.writes());
    }

    private static AppendCommand changed(AppendCommand command, UnaryOperator<StreamWrite> change) {
        return new AppendCommand(
                command.expectations(), command.writes().stream().map(change).toList());
    }

    /** Changes each event on its way into the store. */
    static LogBackend changingEvents(LogBackend honest, UnaryOperator<EventData> change) {
        return lying(
                honest,
                (command, next) -> next.append(changed(
                        command,
                        write -> new StreamWrite(
                                write.stream(),
                                write.events().stream().map(change).toList()))));
    }

    /** Writes the first event on its own and the rest after it. */
    static LogBackend torn(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            StreamWrite write = command.writes().get(0);
            int events = write.events().size();
            if (command.expectations().size() > 1 || events < 2) {
                return next.append(command);
            }
            ExpectedVersion expected = command.expectations().getOrDefault(write.stream(), ExpectedVersion.any());
            AppendOutcome whole = next.append(
                    AppendCommand.of(write.stream(), expected, write.events().subList(0, 1)));
            if (!(whole instanceof AppendOutcome.Appended first)
                    || first.result().repeated()) {
                return next.append(command);
            }
            Thread.yield();
            long at = first.result().version();
            AppendOutcome rest = next.append(AppendCommand.of(
                    write.stream(), ExpectedVersion.any(), write.events().subList(1, events)));
            AppendResult result = ((AppendOutcome.Appended) rest).result();
            return new AppendOutcome.Appended(new AppendResult(
                    List.of(new AppendResult.Written(write.stream(), at, at + events - 1)), result.position(), false));
        });
    }

    /** Writes the events of an append in the opposite order. */
    static LogBackend reversed(LogBackend honest, Shared shared) {
        return lying(
                honest,
                (command, next) -> next.append(changed(command, write -> {
                    List<EventData> events = new ArrayList<>(write.events());
                    Collections.reverse(events);
                    return new StreamWrite(write.stream(), events);
                })));
    }

    /** Knows repeats only while nothing followed. */
    static LogBackend forgetsRepeats(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            AppendOutcome outcome = next.append(command);
            if (outcome instanceof AppendOutcome.Appended appended
                    && appended.result().repeated()
                    && command.writes().size() == 1) {
                StreamId stream = command.writes().get(0).stream();
                ExpectedVersion expected = command.expectations().getOrDefault(stream, ExpectedVersion.any());
                long version = version(next, stream);
                if (version > appended.result().version() && !expected.holdsFor(version)) {
                    return new AppendOutcome.Conflict(stream, expected, version);
                }
            }
            return outcome;
        });
    }

    private static long version(LogBackend backend, StreamId stream) {
        return backend.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1))
                .streamVersion();
    }

    /** Knows repeats with any only while nothing followed, and declares that it knows them for ever. */
    static LogBackend shortWindow(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            AppendOutcome outcome = next.append(command);
            StreamWrite write = command.writes().get(0);
            ExpectedVersion expected = command.expectations().get(write.stream());
            return outcome instanceof AppendOutcome.Appended appended
                            && appended.result().repeated()
                            && command.writes().size() == 1
                            && !(expected instanceof ExpectedVersion.Exactly)
                            && !(expected instanceof ExpectedVersion.NoStream)
                            && version(next, write.stream()) > appended.result().version()
                    ? new AppendOutcome.Duplicate(
                            write.stream(), write.events().get(0).id())
                    : outcome;
        });
    }

    /** Takes an event id for a duplicate although it belongs to another stream. */
    static LogBackend idsAcrossStreams(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            for (StreamWrite write : command.writes()) {
                for (EventData event : write.events()) {
                    StreamId first = shared.streams.putIfAbsent(event.id(), write.stream());
                    if (first != null && !first.equals(write.stream())) {
                        return new AppendOutcome.Duplicate(write.stream(), event.id());
                    }
                }
            }
            return next.append(command);
        });
    }

    /** Writes an append that overlaps with what is there, under new ids. */
    static LogBackend takesDuplicates(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            AppendOutcome outcome = next.append(command);
            return outcome instanceof AppendOutcome.Duplicate
                    ? next.append(expecting(
                            changed(command, write -> new StreamWrite(write.stream(), renamed(write.events()))),
                            ExpectedVersion.any()))
                    : outcome;
        });
    }

    private static List<EventData> renamed(List<EventData> events) {
        return events.stream().map(event -> event.withId(UUID.randomUUID())).toList();
    }

    /** Looks only at the expectations of streams that are written. */
    static LogBackend ignoresUnwritten(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>();
            command.writes()
                    .forEach(write -> expectations.put(
                            write.stream(),
                            command.expectations().getOrDefault(write.stream(), ExpectedVersion.any())));
            return next.append(new AppendCommand(expectations, command.writes()));
        });
    }

    /** Writes the streams of an append one by one, until one is refused. */
    static LogBackend streamByStream(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            if (command.writes().size() == 1
                    || command.expectations().size() != command.writes().size()) {
                return next.append(command);
            }
            List<AppendResult> results = new ArrayList<>();
            for (StreamWrite write : command.writes()) {
                ExpectedVersion expected = command.expectations().getOrDefault(write.stream(), ExpectedVersion.any());
                AppendOutcome outcome = next.append(AppendCommand.of(write.stream(), expected, write.events()));
                if (!(outcome instanceof AppendOutcome.Appended appended)) {
                    return outcome;
                }
                results.add(appended.result());
            }
            AppendResult last = results.get(results.size() - 1);
            return new AppendOutcome.Appended(new AppendResult(
                    results.stream().map(result -> result.streams().get(0)).toList(),
                    last.position(),
                    results.stream().allMatch(AppendResult::repeated)));
        });
    }

    /** Takes fewer events than it declares. */
    static LogBackend smallerLimit(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            if (command.eventCount() > 45) {
                throw new StoreUnavailable("too many events for one statement", null);
            }
            return next.append(command);
        });
    }

    /** Fails whole groups: whoever is under way while another is refused is told that nothing was written. */
    static LogBackend groupFailsTogether(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            shared.underWay.incrementAndGet();
            int refused = shared.refusals.get();
            try {
                Thread.yield();
                AppendOutcome outcome = next.append(command);
                if (!(outcome instanceof AppendOutcome.Appended)) {
                    shared.refusals.incrementAndGet();
                    for (int i = 0; i < 1_000 && shared.underWay.get() > 1; i++) {
                        Thread.yield();
                    }
                    return outcome;
                }
                for (int i = 0; i < 200 && shared.underWay.get() > 1; i++) {
                    Thread.yield();
                }
                if (shared.refusals.get() > refused) {
                    throw new StoreUnavailable("the group failed", null);
                }
                return outcome;
            } finally {
                shared.underWay.decrementAndGet();
            }
        });
    }

    /** Answers with the position of the append's first event. */
    static LogBackend firstPosition(LogBackend honest, Shared shared) {
        return lying(honest, (command, next) -> {
            AppendOutcome outcome = next.append(command);
            if (outcome instanceof AppendOutcome.Appended appended) {
                AppendResult.Written written = appended.result().streams().get(0);
                return new AppendOutcome.Appended(new AppendResult(
                        appended.result().streams(),
                        next.readStream(StreamRead.forwards(written.stream(), written.firstVersion(), 1))
                                .events()
                                .get(0)
                                .position(),
                        appended.result().repeated()));
            }
            return outcome;
        });
    }
}
