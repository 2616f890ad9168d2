package dev.polylog.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.LogDiverged;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.memory.VirtualTime;
import dev.polylog.spi.support.CheckedBackend;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * One seeded life: appends, outages, unknown outcomes of cells, lost and spurious signals, failing handlers, closes,
 * crashes, takeovers, replays and drops, at random moments. Checked while it runs and when it has come to rest:
 *
 * <ul>
 *   <li>a stream's events are handled in order, each after all earlier ones that were wanted (S-01, S-05);
 *   <li>no call begins inside another or after a close (S-02, S-06);
 *   <li>never more events are held than the bound allows (S-03);
 *   <li>a saved checkpoint is never ahead of what was handled, parked or not wanted, and never goes back; after a restart
 *       nothing at or below it comes again, unless it was parked (S-04);
 *   <li>in the end every wanted event was handled, is parked, or was dropped (S-01, S-04, S-05);
 *   <li>a log that is unchanged is never called diverged, one that lost a handled event always is (S-10).
 * </ul>
 */
final class Simulation {

    private static final String NAME = "sim";

    private final Random random;
    private final List<MemoryBackend> handles = new ArrayList<>();
    private final VirtualTime setup = new VirtualTime();
    private final String logName;
    private final MemoryBackend log;
    private final EventStore writer;
    private final SubscriptionOptions options;
    private final List<Process> processes = new ArrayList<>();
    private final Set<UUID> poisoned = new LinkedHashSet<>();
    private final Map<UUID, Integer> handled = new HashMap<>();
    private final Set<UUID> everParked = new HashSet<>();
    private final Set<UUID> dropped = new HashSet<>();
    private Position savedBefore = Position.START;
    private int appended;
    private boolean calm;
    private AssertionError broken;

    Simulation(long seed) {
        random = new Random(seed);
        logName = "simulation-" + seed;
        log = openLog(setup);
        writer = EventStore.over(log, setup);
        options = randomOptions();
    }

    private MemoryBackend openLog(VirtualTime time) {
        MemoryBackend opened =
                MemoryBackend.builder().name(logName).scheduler(time).open();
        handles.add(opened);
        return opened;
    }

    private SubscriptionOptions randomOptions() {
        SubscriptionOptions chosen = SubscriptionOptions.durable(NAME)
                .buffer(1 + random.nextInt(6), random.nextBoolean() ? 1 << 20 : 12)
                .pollInterval(Duration.ofMillis(500 + random.nextInt(2000)))
                .checkpoint(Duration.ofMillis(random.nextInt(1500)), 1 + random.nextInt(6))
                .onFailure(FailurePolicy.park()
                        .retries(random.nextInt(3))
                        .backoff(Duration.ofMillis(10), Duration.ofMillis(500)));
        return switch (random.nextInt(4)) {
            case 0 -> chosen.filter(Filter.all().categories("A"));
            case 1 -> chosen.stream(StreamId.of("A-1"));
            default -> chosen;
        };
    }

    /** A process of its own: its clock stops when it crashes. */
    private final class Process {

        final VirtualTime time = new VirtualTime();
        final TroubledBackend troubled = new TroubledBackend(openLog(time), random.nextLong());
        final EventStore store = EventStore.over(new CheckedBackend(troubled), time);
        final Subscription subscription;
        final Position resumedAt;
        boolean inside;
        boolean closed;

        Process() {
            resumedAt = writer.subscriptions()
                    .checkpoint(NAME)
                    .map(Checkpoint::position)
                    .orElse(Position.START);
            troubled.signalsLost = random.nextInt(4) == 0;
            subscription = store.subscribe(options, this::handle);
        }

        private void handle(RecordedEvent event) {
            require(!inside, () -> "a call inside a call");
            require(!closed, () -> "a call after close");
            inside = true;
            try {
                handleAlone(event);
            } finally {
                inside = false;
            }
        }

        private void handleAlone(RecordedEvent event) {
            require(wanted(event), () -> "not wanted: " + event);
            boolean before = event.position().compareTo(resumedAt) <= 0;
            require(
                    !before || everParked.contains(event.id()) || isParked(event),
                    () -> "behind the checkpoint: " + event);
            if (random.nextInt(20) == 0 && !calm) {
                append();
            }
            if (random.nextInt(40) == 0 && !calm) {
                subscription.close();
                closed = true;
            }
            if (random.nextInt(5) == 0) {
                time.skip(Duration.ofMillis(random.nextInt(700)));
            }
            if (poisoned.contains(event.id()) || (!calm && random.nextInt(6) == 0)) {
                throw new IllegalStateException("failing as planned");
            }
            requireOrder(event);
            handled.merge(event.id(), 1, Integer::sum);
        }

        void turn(Duration span) {
            time.advance(span);
        }
    }

    /** Also remembered, since what a handler throws goes to the engine and not to the test. */
    private void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            broken = new AssertionError(otherwise.get());
            throw broken;
        }
    }

    private boolean isParked(RecordedEvent event) {
        return writer.subscriptions().parked(NAME).stream()
                .anyMatch(parked -> parked.eventId().equals(event.id()));
    }

    /** Every earlier wanted event of the stream must be over: handled before, or dropped. */
    private void requireOrder(RecordedEvent event) {
        for (RecordedEvent earlier : writer.readStream(event.stream())) {
            if (earlier.version() >= event.version()) {
                break;
            }
            require(
                    !wanted(earlier) || handled.containsKey(earlier.id()) || dropped.contains(earlier.id()),
                    () -> event + " handled before " + earlier);
        }
    }

    private boolean wanted(RecordedEvent event) {
        return options.filter().matches(event.stream(), event.type())
                && (options.stream() == null || options.stream().equals(event.stream()));
    }

    void run() {
        processes.add(new Process());
        int steps = 20 + random.nextInt(40);
        for (int i = 0; i < steps; i++) {
            step();
            checkSaved();
        }
        comeToRest();
        checkEnd();
        checkDivergence();
        handles.forEach(MemoryBackend::close);
    }

    private Process current() {
        return processes.get(processes.size() - 1);
    }

    private void step() {
        Process process = current();
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3, 4 -> append();
            case 5, 6 -> process.turn(Duration.ofMillis(random.nextInt(3000)));
            case 7 -> process.troubled.troubleRate = random.nextInt(3) == 0 ? 1.0 : random.nextDouble() * 0.4;
            case 8 -> process.troubled.troubleRate = 0;
            case 9 -> process.troubled.spuriousSignal();
            case 10 -> restart(process);
            case 11 -> replay();
            case 12 -> drop();
            default -> processes.forEach(p -> p.turn(Duration.ofMillis(random.nextInt(500))));
        }
    }

    private void append() {
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            StreamId stream = StreamId.of(List.of("A-1", "A-2", "A-11", "B-1").get(random.nextInt(4)));
            EventData event = EventData.of("T", "text/plain", Payload.utf8("event " + ++appended))
                    .withId(new UUID(random.nextLong(), random.nextLong()));
            if (random.nextInt(12) == 0) {
                poisoned.add(event.id());
            }
            writer.append(stream, ExpectedVersion.any(), event);
        }
    }

    /** Closed in order, crashed (its clock stands still), or replaced while it still runs. */
    private void restart(Process process) {
        switch (random.nextInt(3)) {
            case 0 -> {
                process.subscription.close();
                process.closed = true;
                process.store.close();
                processes.clear();
            }
            case 1 -> processes.clear();
            default -> {}
        }
        processes.add(new Process());
    }

    private void replay() {
        noteParked();
        poisoned.removeIf(id -> random.nextBoolean());
        writer.subscriptions().replay(NAME);
    }

    private void drop() {
        noteParked();
        List<ParkedEvent> parked = writer.subscriptions().parked(NAME);
        if (!parked.isEmpty() && random.nextInt(3) == 0) {
            ParkedEvent one = parked.get(random.nextInt(parked.size()));
            if (writer.subscriptions().drop(NAME, one.position()) == 1) {
                dropped.add(one.eventId());
            }
        }
    }

    private void noteParked() {
        writer.subscriptions().parked(NAME).forEach(event -> everParked.add(event.eventId()));
    }

    private void checkSaved() {
        requireUnbroken();
        noteParked();
        Position saved = writer.subscriptions()
                .checkpoint(NAME)
                .map(Checkpoint::position)
                .orElse(Position.START);
        assertThat(saved).as("the saved checkpoint").isGreaterThanOrEqualTo(savedBefore);
        savedBefore = saved;
        for (RecordedEvent event : writer.readAll()) {
            if (!event.position().isAfter(saved) && wanted(event)) {
                require(
                        handled.containsKey(event.id()) || everParked.contains(event.id()),
                        () -> "checkpoint " + saved + " ahead of " + event);
            }
        }
        for (Process process : processes) {
            assertThat(process.troubled.mostInOneRead.get())
                    .as("events of one read")
                    .isLessThanOrEqualTo(options.maxBufferedEvents());
        }
    }

    private void comeToRest() {
        calm = true;
        poisoned.clear();
        processes.clear();
        processes.add(new Process());
        Process process = current();
        process.turn(Duration.ofSeconds(20));
        writer.subscriptions().replay(NAME);
        process.turn(Duration.ofSeconds(20));
    }

    private void requireUnbroken() {
        if (broken != null) {
            throw broken;
        }
    }

    private void checkEnd() {
        requireUnbroken();
        SubscriptionStatus status = current().subscription.status();
        assertThat(status.state()).as(status.toString()).isEqualTo(State.LIVE);
        assertThat(status.lag()).isZero();
        assertThat(status.parked()).isZero();
        assertThat(status.position()).isEqualTo(status.head());
        assertThat(writer.subscriptions().parked(NAME)).isEmpty();
        for (RecordedEvent event : writer.readAll()) {
            require(
                    !wanted(event) || handled.containsKey(event.id()) || dropped.contains(event.id()),
                    () -> "never handled: " + event);
        }
        assertThat(savedBefore).isLessThanOrEqualTo(status.position());
    }

    private void checkDivergence() {
        current().subscription.close();
        List<RecordedEvent> all = writer.readAll().stream().toList();
        if (all.isEmpty()) {
            return;
        }
        Position kept = all.size() == 1
                ? Position.START
                : all.get(random.nextInt(all.size() - 1)).position();
        log.truncateAfter(kept);
        int regrown = random.nextInt(2 * all.size());
        for (int i = 0; i < regrown; i++) {
            append();
        }
        int before = handled.size();
        Process process = new Process();
        process.turn(Duration.ofSeconds(5));
        assertThat(process.subscription.status().lastError()).isInstanceOf(LogDiverged.class);
        assertThat(handled).hasSize(before);
        process.store.close();
    }
}
