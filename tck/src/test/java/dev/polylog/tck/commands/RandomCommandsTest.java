package dev.polylog.tck.commands;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.Registration;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RandomCommandsTest {

    private static final BackendTraits STRICT = MemoryBackend.create().traits();

    /** The reference with one thing wrong. */
    private static class Wrong implements LogBackend {

        private final LogBackend right;

        Wrong(LogBackend right) {
            this.right = right;
        }

        @Override
        public AppendOutcome append(AppendCommand command) {
            return right.append(command);
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

    private static LogBackend shared(String name) {
        return MemoryBackend.builder().name(name).open();
    }

    private static Counterexample find(UnaryOperator<LogBackend> lie) {
        String name = UUID.randomUUID().toString();
        Optional<Counterexample> found = new RandomCommands(() -> lie.apply(shared(name)), STRICT).search(1, 50, 60);
        assertThat(found).as("the planted bug").isPresent();
        return found.get();
    }

    @Test
    void finds_nothing_in_the_reference_itself() {
        String name = UUID.randomUUID().toString();
        assertThat(new RandomCommands(() -> shared(name), STRICT).search(7, 60, 80))
                .isEmpty();
    }

    @Test
    void leaves_out_what_weak_traits_leave_open() {
        BackendTraits weak = new BackendTraits(
                "weak",
                STRICT.durability(),
                STRICT.limits(),
                true,
                true,
                RepeatWindow.UNTIL_NEXT_APPEND,
                DuplicateDetection.EXPECTED_VERSIONS,
                STRICT.signalBound(),
                STRICT.holdBound(),
                STRICT.closeBound());
        String name = UUID.randomUUID().toString();
        assertThat(new RandomCommands(() -> shared(name), weak).search(7, 60, 80))
                .as("a store that notices more than it declares")
                .isEmpty();
    }

    @Test
    void finds_a_store_that_forgets_repeats_and_shrinks_to_an_append_and_its_repeat() {
        Counterexample found = find(right -> new Wrong(right) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                AppendOutcome outcome = super.append(command);
                boolean repeated = outcome instanceof AppendOutcome.Appended appended
                        && appended.result().repeated();
                return repeated
                        ? new AppendOutcome.Conflict(command.writes().get(0).stream(), ExpectedVersion.noStream(), 1)
                        : outcome;
            }
        });
        assertThat(found.commands()).hasSize(2);
        assertThat(found.toString())
                .contains("seed ", "1. Append", "2. A", "the store answered Conflict", "and the reference appended");
    }

    @Test
    void finds_a_store_that_reorders_inside_an_append_and_shrinks_to_one_append_and_its_read() {
        Counterexample found = find(right -> new Wrong(right) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                List<AppendCommand.StreamWrite> writes = new ArrayList<>();
                for (AppendCommand.StreamWrite write : command.writes()) {
                    List<EventData> events = new ArrayList<>(write.events());
                    Collections.reverse(events);
                    writes.add(new AppendCommand.StreamWrite(write.stream(), events));
                }
                return super.append(new AppendCommand(command.expectations(), writes));
            }
        });
        assertThat(found.commands()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void finds_a_store_that_skips_the_event_at_a_page_border_and_shrinks_to_a_few_commands() {
        Counterexample found = find(right -> new Wrong(right) {
            @Override
            public StreamSlice readStream(StreamRead read) {
                boolean second = read.maxEvents() == 2 && read.from() > 2 && read.from() < 1_000;
                StreamSlice slice = super.readStream(read);
                return second && slice.events().size() > 1
                        ? new StreamSlice(
                                slice.events().subList(1, slice.events().size()),
                                slice.endOfStream(),
                                slice.streamVersion())
                        : slice;
            }
        });
        assertThat(found.commands()).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void finds_a_filter_that_takes_a_longer_name_for_its_prefix_and_shrinks_to_an_append_and_a_read() {
        Counterexample found = find(right -> new Wrong(right) {
            @Override
            public LogSlice readAll(LogRead read) {
                LogSlice slice = super.readAll(read);
                String prefix = read.filter().prefix();
                return new LogSlice(
                        slice.events().stream()
                                .filter(event -> prefix.isEmpty()
                                        || event.stream().name().equals(prefix))
                                .toList(),
                        slice.lookedUpTo(),
                        slice.atHead());
            }
        });
        assertThat(found.commands()).hasSize(2);
    }

    @Test
    void the_same_seed_gives_the_same_commands() {
        RandomCommands commands = new RandomCommands(MemoryBackend::create, STRICT);
        assertThat(commands.generate(3, 100)).isEqualTo(commands.generate(3, 100));
        assertThat(commands.generate(3, 100)).isNotEqualTo(commands.generate(4, 100));
    }
}
