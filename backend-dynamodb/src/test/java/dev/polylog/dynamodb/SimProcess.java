package dev.polylog.dynamodb;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.CellOutcomeUnknown;
import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.PolylogException;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import dev.polylog.spi.support.GroupCommit.Result;
import dev.polylog.tck.history.Action;
import dev.polylog.tck.history.History;
import dev.polylog.tck.history.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** A process that appends, reads and sets cells at random, and notes what it was told. */
final class SimProcess {

    private static final List<StreamId> STREAMS =
            List.of(StreamId.of("a-1"), StreamId.of("a-2"), StreamId.of("b-1"), StreamId.of("b-2"));

    private final Supplier<DynamoBackend> opener;
    private final History history;
    private final Random dice;
    private final String name;
    private final List<AppendCommand> made = new ArrayList<>();
    private final Map<StreamId, Long> versions = new HashMap<>();
    private final Map<String, Integer> tally = new TreeMap<>();
    private DynamoBackend backend;
    private int undecided;
    private Position seen = Position.START;

    SimProcess(Supplier<DynamoBackend> opener, History history, Random dice, String name) {
        this.opener = opener;
        this.history = history;
        this.dice = dice;
        this.name = name;
    }

    /** How many calls ended without a decision. */
    int undecided() {
        return undecided;
    }

    /** How often what happened. */
    Map<String, Integer> tally() {
        return tally;
    }

    private void count(String what) {
        tally.merge(what, 1, Integer::sum);
    }

    /** Looks at the tail beside its own life, as whoever waits for signals does. */
    void look(int looks, Duration pause, SimWorld world) {
        for (int i = 0; i < looks; i++) {
            world.sleep(pause.multipliedBy(1 + dice.nextInt(5)));
            try {
                if (backend != null) {
                    backend.status();
                    count("looked");
                }
            } catch (SimNetwork.Killed | PolylogException e) {
                count("looked in vain");
            }
        }
    }

    void live(int steps) {
        for (int i = 0; i < steps; i++) {
            try {
                if (backend == null) {
                    backend = opener.get();
                }
                step(backend);
            } catch (SimNetwork.Killed killed) {
                backend = null;
                count("killed");
            } catch (PolylogException e) {
                undecided++;
            }
        }
    }

    private void step(DynamoBackend backend) {
        int die = dice.nextInt(20);
        if (die < 9) {
            append(backend, List.of(command()));
        } else if (die < 11) {
            appendTogether(backend);
        } else if (die < 14) {
            readStream(backend);
        } else if (die < 17) {
            follow(backend);
        } else if (die < 18) {
            newest(backend);
        } else {
            cell(backend);
        }
    }

    private void appendTogether(DynamoBackend backend) {
        List<AppendCommand> group = new ArrayList<>();
        int size = 2 + dice.nextInt(4);
        while (group.size() < size) {
            group.add(command());
        }
        append(backend, group);
    }

    private AppendCommand command() {
        if (!made.isEmpty() && dice.nextInt(5) == 0) {
            return made.get(dice.nextInt(made.size()));
        }
        Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>();
        List<StreamWrite> writes = new ArrayList<>();
        int streams = dice.nextInt(4) == 0 ? 2 : 1;
        while (writes.size() < streams) {
            StreamId stream = stream();
            if (!expectations.containsKey(stream)) {
                expectations.put(stream, expectation(stream));
                writes.add(new StreamWrite(stream, events()));
            }
        }
        if (dice.nextInt(5) == 0) {
            StreamId other = stream();
            expectations.computeIfAbsent(other, this::expectation);
        }
        AppendCommand command = new AppendCommand(expectations, writes);
        made.add(command);
        return command;
    }

    private StreamId stream() {
        return STREAMS.get(dice.nextInt(STREAMS.size()));
    }

    private ExpectedVersion expectation(StreamId stream) {
        return switch (dice.nextInt(6)) {
            case 0 -> ExpectedVersion.noStream();
            case 1 -> ExpectedVersion.streamExists();
            case 2, 3 -> ExpectedVersion.exactly(versions.getOrDefault(stream, 0L));
            default -> ExpectedVersion.any();
        };
    }

    private List<EventData> events() {
        List<EventData> events = new ArrayList<>();
        int count = 1 + dice.nextInt(3);
        while (events.size() < count) {
            events.add(new EventData(
                    new UUID(dice.nextLong(), dice.nextLong()),
                    dice.nextBoolean() ? "Odd" : "Even",
                    "b",
                    Payload.empty(),
                    Metadata.empty()));
        }
        return events;
    }

    private void append(DynamoBackend backend, List<AppendCommand> group) {
        List<Action.Append> actions = group.stream().map(Action.Append::of).toList();
        List<History.Call> calls =
                actions.stream().map(action -> history.begin(name, action)).toList();
        List<Result<AppendOutcome>> results = backend.appender().commit(group);
        List<Runnable> afterwards = new ArrayList<>();
        for (int i = 0; i < group.size(); i++) {
            Result<AppendOutcome> result = results.get(i);
            Action.Append action = actions.get(i);
            if (result instanceof Result.Outcome<AppendOutcome> outcome) {
                calls.get(i).end(new Outcome.Decided(outcome.value()));
                remember(outcome.value());
            } else if (((Result.Failure<AppendOutcome>) result).exception() instanceof AppendOutcomeUnknown unknown) {
                undecided++;
                count("unknown");
                calls.get(i).end(new Outcome.Unknown());
                afterwards.add(() -> resolve(action, unknown));
            } else {
                undecided++;
                calls.get(i)
                        .end(new Outcome.Failed(((Result.Failure<AppendOutcome>) result)
                                .exception()
                                .toString()));
            }
        }
        if (dice.nextBoolean()) {
            afterwards.forEach(Runnable::run);
        }
    }

    private void remember(AppendOutcome outcome) {
        if (outcome instanceof AppendOutcome.Appended appended) {
            count(appended.result().repeated() ? "repeated" : "appended");
            appended.result()
                    .streams()
                    .forEach(written -> versions.merge(written.stream(), written.lastVersion(), Math::max));
        } else if (outcome instanceof AppendOutcome.Duplicate) {
            count("duplicate");
        } else if (outcome instanceof AppendOutcome.Conflict conflict) {
            count("conflict");
            versions.merge(conflict.stream(), conflict.actual(), Math::max);
        }
    }

    private void resolve(Action.Append action, AppendOutcomeUnknown unknown) {
        History.Call call = history.begin(name, new Action.Resolve(action));
        try {
            Optional<AppendResult> result = unknown.resolve();
            count(result.isPresent() ? "resolved as appended" : "resolved as not appended");
            call.end(new Outcome.Resolved(result));
        } catch (PolylogException e) {
            call.end(new Outcome.Failed(e.toString()));
        }
    }

    private void readStream(DynamoBackend backend) {
        StreamId stream = stream();
        StreamRead read = dice.nextBoolean()
                ? StreamRead.forwards(stream, dice.nextInt(6), 1 + dice.nextInt(8))
                : StreamRead.backwards(
                        stream, dice.nextBoolean() ? Long.MAX_VALUE : dice.nextInt(6), 1 + dice.nextInt(8));
        History.Call call = history.begin(name, Action.ReadStream.of(read));
        try {
            StreamSlice slice = backend.readStream(read);
            call.end(Outcome.StreamSeen.of(slice));
            versions.merge(stream, slice.streamVersion(), Math::max);
        } catch (PolylogException e) {
            undecided++;
            call.end(new Outcome.Failed(e.toString()));
        }
    }

    private void follow(DynamoBackend backend) {
        Filter filter = switch (dice.nextInt(6)) {
            case 0 -> Filter.all().categories("a");
            case 1 -> Filter.all().types("Odd");
            default -> Filter.all();
        };
        LogSlice slice =
                readAll(backend, LogRead.after(seen, 1 + dice.nextInt(12)).withFilter(filter));
        if (slice != null) {
            seen = slice.lookedUpTo();
        }
    }

    private void newest(DynamoBackend backend) {
        readAll(
                backend,
                new LogRead(Direction.BACKWARDS, Position.END, Filter.all(), 1 + dice.nextInt(6), Long.MAX_VALUE));
    }

    private LogSlice readAll(DynamoBackend backend, LogRead read) {
        History.Call call = history.begin(name, new Action.ReadAll(read));
        try {
            LogSlice slice = backend.readAll(read);
            call.end(Outcome.LogSeen.of(slice));
            return slice;
        } catch (PolylogException e) {
            undecided++;
            call.end(new Outcome.Failed(e.toString()));
            return null;
        }
    }

    private void cell(DynamoBackend backend) {
        String cell = "cell";
        History.Call get = history.begin(name, new Action.ReadCell(cell));
        Optional<Cell> found;
        try {
            found = backend.cells().get(cell);
            get.end(new Outcome.CellSeen(found));
        } catch (PolylogException e) {
            undecided++;
            get.end(new Outcome.Failed(e.toString()));
            return;
        }
        long revision = found.map(Cell::revision).orElse(0L);
        Payload value = Payload.utf8(name + dice.nextInt());
        History.Call set = history.begin(name, new Action.SetCell(cell, revision, value));
        try {
            set.end(new Outcome.CellDecided(backend.cells().compareAndSet(cell, revision, value)));
        } catch (CellOutcomeUnknown e) {
            undecided++;
            set.end(new Outcome.Unknown());
        } catch (PolylogException e) {
            undecided++;
            set.end(new Outcome.Failed(e.toString()));
        }
    }
}
