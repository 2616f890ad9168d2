package dev.polylog.tck.mutants;

import dev.polylog.AppendResult;
import dev.polylog.Direction;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.Watermark;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import dev.polylog.spi.support.ForwardingBackend;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Wrong ways to read. */
final class Reading {

    private Reading() {}

    /** A read of a stream, done wrong. */
    @FunctionalInterface
    interface StreamLie {
        StreamSlice read(StreamRead read, LogBackend honest);
    }

    /** A read of everything, done wrong. */
    @FunctionalInterface
    interface LogLie {
        LogSlice read(LogRead read, LogBackend honest);
    }

    static LogBackend lyingOfStreams(LogBackend honest, StreamLie lie) {
        return new ForwardingBackend(honest) {
            @Override
            public StreamSlice readStream(StreamRead read) {
                return lie.read(read, next());
            }
        };
    }

    static LogBackend lyingOfAll(LogBackend honest, LogLie lie) {
        return new ForwardingBackend(honest) {
            @Override
            public LogSlice readAll(LogRead read) {
                return lie.read(read, next());
            }
        };
    }

    /** Uses other names for streams than it was given. */
    static LogBackend renaming(LogBackend honest, UnaryOperator<String> change) {
        return new ForwardingBackend(honest) {
            private StreamId name(StreamId stream) {
                return StreamId.of(change.apply(stream.name()));
            }

            @Override
            public AppendOutcome append(AppendCommand command) {
                if (command.expectations().size() > 1) {
                    return next().append(command);
                }
                AppendCommand.StreamWrite write = command.writes().get(0);
                AppendOutcome outcome = next().append(AppendCommand.of(
                        name(write.stream()),
                        command.expectations().getOrDefault(write.stream(), ExpectedVersion.any()),
                        write.events()));
                if (outcome instanceof AppendOutcome.Appended appended) {
                    return new AppendOutcome.Appended(new AppendResult(
                            List.of(new AppendResult.Written(
                                    write.stream(),
                                    appended.result().streams().get(0).firstVersion(),
                                    appended.result().version())),
                            appended.result().position(),
                            appended.result().repeated()));
                }
                if (outcome instanceof AppendOutcome.Conflict conflict) {
                    return new AppendOutcome.Conflict(write.stream(), conflict.expected(), conflict.actual());
                }
                return new AppendOutcome.Duplicate(write.stream(), ((AppendOutcome.Duplicate) outcome).eventId());
            }

            @Override
            public StreamSlice readStream(StreamRead read) {
                StreamSlice slice = next().readStream(new StreamRead(
                        name(read.stream()), read.direction(), read.from(), read.maxEvents(), read.maxBytes()));
                return new StreamSlice(
                        slice.events().stream()
                                .map(event -> in(read.stream(), event))
                                .toList(),
                        slice.endOfStream(),
                        slice.streamVersion());
            }

            private static RecordedEvent in(StreamId stream, RecordedEvent event) {
                return new RecordedEvent(stream, event.version(), event.position(), event.recordedAt(), event.data());
            }
        };
    }

    /** Records the time to the second. */
    static LogBackend wholeSeconds(LogBackend honest, Shared shared) {
        return new ForwardingBackend(honest) {
            private static RecordedEvent cut(RecordedEvent event) {
                return new RecordedEvent(
                        event.stream(),
                        event.version(),
                        event.position(),
                        event.recordedAt().truncatedTo(ChronoUnit.SECONDS),
                        event.data());
            }

            @Override
            public StreamSlice readStream(StreamRead read) {
                StreamSlice slice = next().readStream(read);
                return new StreamSlice(
                        slice.events().stream().map(event -> cut(event)).toList(),
                        slice.endOfStream(),
                        slice.streamVersion());
            }

            @Override
            public LogSlice readAll(LogRead read) {
                LogSlice slice = next().readAll(read);
                return new LogSlice(
                        slice.events().stream().map(event -> cut(event)).toList(), slice.lookedUpTo(), slice.atHead());
            }
        };
    }

    /** Shows some events to reads of everything only when the next append has been made, as an open gap does. */
    static LogBackend showsLater(LogBackend honest, Shared shared) {
        return new ForwardingBackend(honest) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                AppendOutcome outcome = next().append(command);
                if (outcome instanceof AppendOutcome.Appended appended
                        && !appended.result().repeated()
                        && shared.appends.incrementAndGet() % 3 == 0) {
                    shared.hidden.add(appended.result().position());
                } else if (shared.appends.get() % 3 == 2) {
                    shared.hidden.clear();
                }
                return outcome;
            }

            @Override
            public LogSlice readAll(LogRead read) {
                LogSlice slice = next().readAll(read);
                return new LogSlice(
                        slice.events().stream()
                                .filter(event -> !shared.hidden.contains(event.position()))
                                .toList(),
                        slice.lookedUpTo(),
                        slice.atHead());
            }
        };
    }

    /** Goes on one position too far after each page. */
    static LogBackend skipsBetweenPages(LogBackend honest, Shared shared) {
        return lyingOfAll(honest, (read, next) -> {
            LogSlice slice = next.readAll(read);
            Position upTo = slice.lookedUpTo();
            return slice.atHead() || read.direction() == Direction.BACKWARDS
                    ? slice
                    : new LogSlice(slice.events(), new Position(upTo.high(), upTo.low() + 1), false);
        });
    }

    /** Begins a forward read with the position that it was given. */
    static LogBackend inclusive(LogBackend honest, Shared shared) {
        return lyingOfAll(honest, (read, next) -> {
            boolean whole =
                    read.direction() == Direction.BACKWARDS || read.bound().low() == 0;
            return whole
                    ? next.readAll(read)
                    : next.readAll(new LogRead(
                            read.direction(),
                            new Position(read.bound().high(), read.bound().low() - 1),
                            read.filter(),
                            read.maxEvents(),
                            read.maxBytes()));
        });
    }

    /** Takes the characters of patterns for patterns. */
    static LogBackend likePrefix(LogBackend honest, Shared shared) {
        return lyingOfAll(honest, (read, next) -> {
            String prefix = read.filter().prefix();
            if (!prefix.contains("%") && !prefix.contains("_")) {
                return next.readAll(read);
            }
            StringBuilder pattern = new StringBuilder();
            prefix.chars()
                    .forEach(c ->
                            pattern.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(Character.toString(c))));
            Pattern compiled = Pattern.compile(pattern + ".*", Pattern.DOTALL);
            Filter filter = read.filter().prefix("");
            LogSlice slice = next.readAll(read.withFilter(filter));
            return new LogSlice(
                    slice.events().stream()
                            .filter(event ->
                                    compiled.matcher(event.stream().name()).matches())
                            .toList(),
                    slice.lookedUpTo(),
                    slice.atHead());
        });
    }

    /** Does not say how far it looked where nothing matched. */
    static LogBackend standsStill(LogBackend honest, Shared shared) {
        return lyingOfAll(honest, (read, next) -> {
            LogSlice slice = next.readAll(read);
            return slice.events().isEmpty() && !read.filter().isAll()
                    ? new LogSlice(List.of(), read.bound(), slice.atHead())
                    : slice;
        });
    }

    /** Begins a backward read below the version that it was given. */
    static LogBackend backwardExclusive(LogBackend honest, Shared shared) {
        return lyingOfStreams(
                honest,
                (read, next) -> next.readStream(
                        read.direction() == Direction.FORWARDS || read.from() == Long.MAX_VALUE || read.from() == 0
                                ? read
                                : StreamRead.backwards(read.stream(), read.from() - 1, read.maxEvents())));
    }

    /** Gives one event more than it was asked for. */
    static LogBackend oneTooMany(LogBackend honest, Shared shared) {
        return lyingOfStreams(
                honest,
                (read, next) -> next.readStream(new StreamRead(
                        read.stream(), read.direction(), read.from(), read.maxEvents() + 1, read.maxBytes())));
    }

    /** Takes a page that is full for one that has more behind it. */
    static LogBackend guessesTheEnd(LogBackend honest, Shared shared) {
        return lyingOfStreams(honest, (read, next) -> {
            StreamSlice slice = next.readStream(read);
            return new StreamSlice(slice.events(), slice.events().size() < read.maxEvents(), slice.streamVersion());
        });
    }

    /** Ignores how many bytes a page may have. */
    static LogBackend unboundedPages(LogBackend honest, Shared shared) {
        return lyingOfStreams(
                honest,
                (read, next) -> next.readStream(new StreamRead(
                        read.stream(), read.direction(), read.from(), read.maxEvents(), Long.MAX_VALUE)));
    }

    /** Takes a stream without events for a failure. */
    static LogBackend missingStreamFails(LogBackend honest, Shared shared) {
        return lyingOfStreams(honest, (read, next) -> {
            StreamSlice slice = next.readStream(read);
            if (slice.streamVersion() == 0 && read.direction() == Direction.FORWARDS) {
                throw new StoreUnavailable("stream not found", null);
            }
            return slice;
        });
    }

    /** Remembers a stream's end per handle, as a cache that others do not invalidate does. */
    static LogBackend staleCache(LogBackend honest, Shared shared) {
        Map<StreamRead, StreamSlice> cache = new ConcurrentHashMap<>();
        return new ForwardingBackend(honest) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                cache.clear();
                AppendOutcome outcome = next().append(command);
                cache.clear();
                return outcome;
            }

            @Override
            public StreamSlice readStream(StreamRead read) {
                StreamSlice slice = next().readStream(read);
                StreamSlice cached = slice.streamVersion() == 0 ? slice : cache.computeIfAbsent(read, key -> slice);
                return cached;
            }
        };
    }

    /** Shows an old watermark. */
    static LogBackend staleWatermark(LogBackend honest, Shared shared) {
        return new ForwardingBackend(honest) {
            private final LogStatus opened = honest.status();

            @Override
            public LogStatus status() {
                LogStatus now = next().status();
                return shared.appends.incrementAndGet() % 2 == 0
                        ? now
                        : new LogStatus(
                                now.logId(),
                                now.epoch(),
                                Watermark.at(opened.watermark().head()));
            }
        };
    }

    /** Gives every handle a log of its own name. */
    static LogBackend otherLogId(LogBackend honest, Shared shared) {
        String id = UUID.randomUUID().toString();
        return new ForwardingBackend(honest) {
            @Override
            public LogStatus status() {
                LogStatus status = next().status();
                return new LogStatus(id, status.epoch(), status.watermark());
            }
        };
    }
}
