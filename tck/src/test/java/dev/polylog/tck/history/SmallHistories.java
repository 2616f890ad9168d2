package dev.polylog.tck.history;

import dev.polylog.AppendResult;
import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.StreamRead;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Makes small histories: a few operations of a few clients, run one after another on the reference at moments inside their
 * calls, so that they are possible; then, for half of them, something is changed.
 */
final class SmallHistories {

    private static final List<StreamId> STREAMS = List.of(StreamId.of("a-1"), StreamId.of("b-1"));
    private static final BackendTraits STRICT = MemoryBackend.create().traits();

    private final SplittableRandom random;

    SmallHistories(long seed) {
        this.random = new SplittableRandom(seed);
    }

    record SmallHistory(BackendTraits traits, List<Operation> operations, LogImage log) {}

    /** A call that will happen: asked at a moment, effective at another, answered at a third. */
    private static final class Plan {
        private final String client;
        private final int invoked;
        private final int effective;
        private final int completed;
        private Action action;
        private Outcome outcome;

        Plan(String client, int invoked, int effective, int completed) {
            this.client = client;
            this.invoked = invoked;
            this.effective = effective;
            this.completed = completed;
        }
    }

    SmallHistory next() {
        BackendTraits traits = traits();
        try (MemoryBackend backend = MemoryBackend.builder().traits(traits).open()) {
            List<AppendCommand> made = new ArrayList<>();
            int before = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
            for (int i = 0; i < before; i++) {
                backend.append(newCommand(backend, made));
            }
            made.clear();
            Position start = backend.status().watermark().head();
            List<Plan> plans = plans();
            plans.stream()
                    .sorted(Comparator.comparingInt((Plan plan) -> plan.effective))
                    .forEach(plan -> run(plan, plans, backend, made, start));
            LogImage log = new LogImage(
                    LogEntry.listOf(backend.readAll(LogRead.after(Position.START, 1_000))
                            .events()),
                    start);
            List<Operation> operations = new ArrayList<>();
            for (Plan plan : plans) {
                long completed = plan.outcome instanceof Outcome.Unknown ? Operation.NEVER : plan.completed;
                operations.add(new Operation(
                        operations.size() + 1L, plan.client, plan.invoked, completed, plan.action, plan.outcome));
            }
            SmallHistory valid = new SmallHistory(traits, operations, log);
            return random.nextBoolean() ? valid : new Mutation(random).of(valid);
        }
    }

    private BackendTraits traits() {
        boolean weak = random.nextInt(3) == 0;
        return new BackendTraits(
                "small",
                STRICT.durability(),
                STRICT.limits(),
                true,
                random.nextBoolean(),
                weak ? RepeatWindow.UNTIL_NEXT_APPEND : RepeatWindow.UNBOUNDED,
                weak ? DuplicateDetection.EXPECTED_VERSIONS : DuplicateDetection.WHOLE_STREAM,
                STRICT.signalBound(),
                STRICT.holdBound(),
                STRICT.closeBound());
    }

    private List<Plan> plans() {
        List<Plan> plans = new ArrayList<>();
        int clients = 1 + random.nextInt(3);
        int operations = 2 + random.nextInt(5);
        for (int client = 0; client < clients; client++) {
            int now = random.nextInt(4);
            for (int i = client; i < operations; i += clients) {
                int effective = now + random.nextInt(5);
                int completed = effective + random.nextInt(5);
                plans.add(new Plan("c" + client, now, effective, completed));
                now = completed + random.nextInt(3);
            }
        }
        return plans;
    }

    private void run(Plan plan, List<Plan> plans, MemoryBackend backend, List<AppendCommand> made, Position start) {
        int kind = random.nextInt(10);
        if (kind < 6) {
            append(plan, backend, made);
        } else if (kind < 8) {
            StreamRead read =
                    new StreamRead(stream(), direction(), random.nextInt(4), 1 + random.nextInt(3), Long.MAX_VALUE);
            plan.action = Action.ReadStream.of(read);
            plan.outcome = Outcome.StreamSeen.of(backend.readStream(read));
        } else if (kind < 9 || !resolve(plan, plans, backend)) {
            LogRead read = logRead(backend);
            plan.action = new Action.ReadAll(read);
            plan.outcome = Outcome.LogSeen.of(backend.readAll(read));
        }
    }

    private LogRead logRead(MemoryBackend backend) {
        Direction direction = direction();
        long head = backend.status().watermark().head().low();
        Position bound = Position.of(random.nextLong(head + 2));
        if (direction == Direction.BACKWARDS && random.nextBoolean()) {
            bound = Position.END;
        }
        Filter filter = random.nextInt(3) == 0 ? Filter.all().categories("a") : Filter.all();
        return new LogRead(direction, bound, filter, 1 + random.nextInt(5), Long.MAX_VALUE);
    }

    private void append(Plan plan, MemoryBackend backend, List<AppendCommand> made) {
        AppendCommand command = command(backend, made);
        made.add(command);
        plan.action = Action.Append.of(command);
        int fate = random.nextInt(8);
        if (fate == 0) {
            plan.outcome = random.nextBoolean() ? new Outcome.Failed("planned") : new Outcome.Unknown();
            return;
        }
        AppendOutcome outcome = backend.append(command);
        plan.outcome = fate == 1 ? new Outcome.Unknown() : new Outcome.Decided(outcome);
    }

    /** Asks what became of an append with unknown outcome that has taken effect, or not, by now. */
    private boolean resolve(Plan plan, List<Plan> plans, MemoryBackend backend) {
        Optional<Plan> unknown = plans.stream()
                .filter(one -> one.outcome instanceof Outcome.Unknown && one.effective <= plan.effective)
                .findFirst();
        if (unknown.isEmpty()) {
            return false;
        }
        Action.Append attempt = (Action.Append) unknown.get().action;
        plan.action = new Action.Resolve(attempt);
        plan.outcome = new Outcome.Resolved(standing(attempt, backend));
        return true;
    }

    private static Optional<AppendResult> standing(Action.Append attempt, MemoryBackend backend) {
        List<AppendResult.Written> written = new ArrayList<>();
        Position last = Position.START;
        for (Action.Write write : attempt.writes()) {
            List<LogEntry> entries = LogEntry.listOf(backend.readStream(StreamRead.forwards(write.stream(), 1, 100))
                    .events());
            List<UUID> ids = entries.stream().map(LogEntry::id).toList();
            int at = Collections.indexOfSubList(ids, write.ids());
            if (at < 0) {
                return Optional.empty();
            }
            int end = at + write.ids().size();
            written.add(new AppendResult.Written(write.stream(), at + 1L, end));
            Position position = entries.get(end - 1).position();
            last = position.isAfter(last) ? position : last;
        }
        return Optional.of(new AppendResult(written, last, false));
    }

    private AppendCommand command(MemoryBackend backend, List<AppendCommand> made) {
        if (!made.isEmpty() && random.nextInt(4) == 0) {
            return made.get(random.nextInt(made.size()));
        }
        return newCommand(backend, made);
    }

    private AppendCommand newCommand(MemoryBackend backend, List<AppendCommand> made) {
        Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>();
        List<AppendCommand.StreamWrite> writes = new ArrayList<>();
        StreamId first = stream();
        expectations.put(first, expected(first, backend));
        writes.add(new AppendCommand.StreamWrite(first, events(first, made)));
        if (random.nextInt(3) == 0) {
            StreamId second = STREAMS.get(1 - STREAMS.indexOf(first));
            expectations.put(second, expected(second, backend));
            if (random.nextBoolean()) {
                writes.add(new AppendCommand.StreamWrite(second, events(second, made)));
            }
        }
        return new AppendCommand(expectations, writes);
    }

    /** New events, now and then with one among them that was appended to the stream before. */
    private List<EventData> events(StreamId stream, List<AppendCommand> made) {
        List<EventData> events = new ArrayList<>();
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            events.add(new EventData(
                    new UUID(random.nextLong(), random.nextLong()),
                    "T",
                    EventData.JSON,
                    Payload.empty(),
                    Metadata.empty()));
        }
        if (!made.isEmpty() && random.nextInt(8) == 0) {
            made.get(random.nextInt(made.size())).writes().stream()
                    .filter(write -> write.stream().equals(stream))
                    .findFirst()
                    .ifPresent(write -> events.set(0, write.events().get(0)));
        }
        return events;
    }

    private ExpectedVersion expected(StreamId stream, MemoryBackend backend) {
        long version = backend.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1))
                .streamVersion();
        return switch (random.nextInt(6)) {
            case 0 -> ExpectedVersion.any();
            case 1 -> ExpectedVersion.streamExists();
            case 2 -> ExpectedVersion.noStream();
            case 3 -> ExpectedVersion.exactly(random.nextInt(4));
            default -> ExpectedVersion.exactly(version);
        };
    }

    private StreamId stream() {
        return STREAMS.get(random.nextInt(3) == 0 ? 1 : 0);
    }

    private Direction direction() {
        return random.nextInt(3) == 0 ? Direction.BACKWARDS : Direction.FORWARDS;
    }
}
