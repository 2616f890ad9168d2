package dev.polylog.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.PolylogException;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import dev.polylog.tck.commands.Counterexample;
import dev.polylog.tck.commands.RandomCommands;
import dev.polylog.tck.history.History;
import dev.polylog.tck.history.HistoryChecker;
import dev.polylog.tck.history.RecordingBackend;
import dev.polylog.tck.history.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whole histories: concurrent clients of several handles, everything recorded, judged by the exact checker; and random
 * commands beside the reference. Nested empty in a {@link TckHarness}.
 */
@ExtendWith(TckExtension.class)
public class HistoryTck {

    private static final int CLIENTS = 6;
    private static final int STREAMS = 3;

    /** For JUnit and for the nested class. */
    public HistoryTck() {}

    /** One client of a load: what it works with, and what it appended last. */
    private static final class Client {

        private final TckContext tck;
        private final LogBackend backend;
        private final List<StreamId> streams;
        private final Random random;
        private Position seen;
        private final List<AppendCommand> made = new ArrayList<>();

        Client(TckContext tck, LogBackend backend, List<StreamId> streams, Random random) {
            this.tck = tck;
            this.backend = backend;
            this.streams = streams;
            this.random = random;
            this.seen = tck.start();
        }

        StreamId stream() {
            return streams.get(random.nextInt(streams.size()));
        }

        void append(AppendCommand command) {
            made.add(command);
            backend.append(command);
        }

        /** Reads the version, and appends behind it: one of those who do so at the same time wins. */
        void appendExactly() {
            StreamId stream = stream();
            long version = backend.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1))
                    .streamVersion();
            append(AppendCommand.of(stream, ExpectedVersion.exactly(version), tck.events(1 + random.nextInt(3))));
        }

        void appendAny() {
            append(AppendCommand.of(stream(), ExpectedVersion.any(), tck.events(1 + random.nextInt(2))));
        }

        /** Two streams in one append, or one that looks at the other, as far as the store can. */
        void appendToSeveral() {
            StreamId first = stream();
            StreamId second = streams.get((streams.indexOf(first) + 1) % streams.size());
            Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>();
            List<AppendCommand.StreamWrite> writes = new ArrayList<>();
            expectations.put(first, ExpectedVersion.any());
            writes.add(new AppendCommand.StreamWrite(first, tck.events(2)));
            if (tck.traits().multiStreamAppend()) {
                expectations.put(second, ExpectedVersion.streamExists());
                writes.add(new AppendCommand.StreamWrite(second, tck.events(1)));
            }
            append(new AppendCommand(expectations, writes));
        }

        void appendAgain() {
            if (!made.isEmpty()) {
                backend.append(made.get(made.size() - 1));
            }
        }

        void readStream() {
            boolean forwards = random.nextBoolean();
            backend.readStream(
                    forwards
                            ? StreamRead.forwards(stream(), 1 + random.nextInt(20), 10)
                            : StreamRead.backwards(stream(), Long.MAX_VALUE, 5));
        }

        /** One more page of everything, after the last one. */
        void follow() {
            LogSlice slice = backend.readAll(LogRead.after(seen, 1 + random.nextInt(20)));
            seen = slice.lookedUpTo();
        }

        void readNewest() {
            backend.readAll(LogRead.before(Position.END, 5));
        }

        void changeCell(String name) {
            long revision = backend.cells().get(name).map(Cell::revision).orElse(0L);
            backend.cells().compareAndSet(name, revision, Payload.utf8(String.valueOf(random.nextInt())));
        }
    }

    /** One step of a client. */
    @FunctionalInterface
    private interface Step {
        void run(Client client);
    }

    /**
     * Lets clients of two handles take steps at the same time, and records what they saw. Everybody
     * takes the first step once, so that every history holds something to judge; all others are drawn.
     */
    private static History load(TckContext tck, Step first, List<Step> steps) {
        History history = new History(tck.backend().status().watermark().head());
        List<LogBackend> handles = List.of(tck.backend(), tck.another().backend());
        List<StreamId> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            streams.add(tck.freshStream());
        }
        long seed = tck.random().nextLong();
        Rendezvous<Integer> race = tck.race();
        race.racers(CLIENTS, number -> () -> {
            LogBackend handle = handles.get(number % handles.size());
            Random random = new Random(seed + number);
            RecordingBackend backend = new RecordingBackend(handle, history, "client " + number);
            Client client = new Client(tck, backend, streams, random);
            take(first, client);
            for (int i = 0; i < tck.rounds() * 2; i++) {
                take(steps.get(random.nextInt(steps.size())), client);
            }
            return number;
        });
        race.run().allReturned();
        return history;
    }

    /** A call may fail, as long as the record of the failure is true. */
    private static void take(Step step, Client client) {
        try {
            step.run(client);
        } catch (PolylogException e) {
            assertThat(e.getMessage()).as("a failure says what went wrong").isNotBlank();
        }
    }

    private static void judge(TckContext tck, History history) {
        List<Violation> violations = new HistoryChecker(tck.traits()).check(history, tck.backend());
        assertThat(violations).as("what the history broke").isEmpty();
    }

    @Test
    @Tag("raced")
    void a04_in_a_history_of_races_every_answer_has_its_moment(TckContext tck) {
        History history = load(tck, Client::appendAny, List.of(Client::appendExactly, Client::appendAgain));
        assertThat(tck.appended()).as("appends that won").hasSizeGreaterThanOrEqualTo(CLIENTS);
        judge(tck, history);
    }

    @Test
    @Tag("raced")
    void a07_a_history_of_all_kinds_of_calls_agrees_with_the_order_of_the_log(TckContext tck) {
        List<Step> steps = List.of(
                Client::appendExactly,
                Client::appendAny,
                Client::appendToSeveral,
                Client::appendAgain,
                Client::readStream,
                Client::follow,
                Client::readNewest);
        History history = load(tck, Client::appendAny, steps);
        assertThat(tck.appended()).as("appends that succeeded").hasSizeGreaterThanOrEqualTo(CLIENTS);
        judge(tck, history);
    }

    @Test
    @Tag("raced")
    void g02_in_a_history_of_followers_everybody_saw_a_prefix_of_the_log(TckContext tck) {
        History history = load(tck, Client::appendAny, List.of(Client::appendAny, Client::follow, Client::follow));
        assertThat(tck.appended()).as("appends that succeeded").hasSizeGreaterThanOrEqualTo(CLIENTS);
        judge(tck, history);
    }

    @Test
    @Tag("raced")
    void k01_in_a_history_of_sets_every_revision_has_one_winner(TckContext tck) {
        String name = tck.unique("cell");
        History history = load(tck, client -> client.changeCell(name), List.of(client -> client.changeCell(name)));
        assertThat(tck.backend().cells().get(name))
                .as("the cell that everybody set")
                .hasValueSatisfying(cell -> assertThat(cell.revision()).isGreaterThan(tck.rounds()));
        judge(tck, history);
    }

    @Test
    void a03_random_commands_are_answered_as_the_reference_answers_them(TckContext tck) {
        RandomCommands commands = new RandomCommands(tck.harness()::open, tck.traits());
        Optional<Counterexample> found = commands.search(tck.seed(), tck.rounds(), 50);
        assertThat(found).as("a sequence that is answered otherwise").isEmpty();
    }
}
