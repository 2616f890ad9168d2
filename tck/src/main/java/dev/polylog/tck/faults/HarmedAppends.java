package dev.polylog.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import dev.polylog.spi.support.ForwardingBackend;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Appends of one event each to one stream, on a way to the store that a test harms, such as a connection that it cuts at
 * every byte; each outcome is compared with what the stream holds by another way (rule A-05).
 *
 * <p>For one thread. An outcome that is not true is an {@link AssertionError}.
 */
public final class HarmedAppends {

    /** More than there are connections that an earlier harm has broken unseen. */
    private static final int MOST_ATTEMPTS = 100;

    private final LogBackend direct;
    private final LogBackend harmed;
    private final Function<AppendOutcomeUnknown, Optional<AppendResult>> resolving;
    private final StreamId stream = StreamId.of("harmed-" + UUID.randomUUID());
    private final Map<Told, Integer> told = new EnumMap<>(Told.class);
    private final List<String> refusals = new ArrayList<>();
    private long version;
    private @Nullable UUID lastId;
    private boolean lastWritten;

    /**
     * Nothing is appended yet.
     *
     * @param direct an open backend on the log that no harm reaches
     * @param harmed another one, on the way that the test harms
     * @param resolving ends the harm and asks what became of an append
     */
    public HarmedAppends(
            LogBackend direct, LogBackend harmed, Function<AppendOutcomeUnknown, Optional<AppendResult>> resolving) {
        this.direct = direct;
        this.harmed = new Witness(harmed);
        this.resolving = resolving;
    }

    /**
     * Appends until it is acknowledged, while nothing is harmed: an earlier harm may be met only now, in a connection that
     * is found broken. Such appends do not count among the {@link #told() told}.
     */
    public void undisturbed() {
        Told outcome = attempt();
        for (int i = 0; outcome != Told.APPENDED; i++) {
            assertThat(outcome.doubted() && i < MOST_ATTEMPTS)
                    .as("an append that nothing harms was %s: %s", outcome, refusals)
                    .isTrue();
            outcome = attempt();
        }
    }

    /**
     * Appends while there is harm, and finds out what became of it.
     *
     * @return what the caller knows in the end
     */
    public Told append() {
        Told outcome = attempt();
        told.merge(outcome, 1, Integer::sum);
        return outcome;
    }

    private Told attempt() {
        EventData event = EventData.json("Tested", "{\"n\":1}");
        AppendCommand command = AppendCommand.of(stream, ExpectedVersion.exactly(version), List.of(event));
        Told outcome = SureAppend.append(harmed, command, this::resolve);
        lastId = event.id();
        lastWritten = outcome.written();
        version += lastWritten ? 1 : 0;
        return outcome;
    }

    private Optional<AppendResult> resolve(AppendOutcomeUnknown unknown) {
        Optional<AppendResult> found = resolving.apply(unknown);
        assertThat(unknown.resolve()).as("the second answer").isEqualTo(found);
        found.ifPresent(this::requireNext);
        return found;
    }

    private void requireNext(AppendResult result) {
        assertThat(result.version()).as("the version of %s", result).isEqualTo(version + 1);
    }

    /**
     * Compares the stream with what was told: the last event is its end where it was appended and nowhere where it was not,
     * and there are as many events as were appended.
     *
     * @param harm what was done, for the message
     */
    public void verify(Object harm) {
        StreamSlice end = direct.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1));
        boolean there = end.events().stream().anyMatch(event -> event.id().equals(lastId));
        assertThat(there)
                .as("the last append is there after %s, told so far %s", harm, told)
                .isEqualTo(lastWritten);
        assertThat(end.streamVersion())
                .as("the stream's version after %s, told so far %s", harm, told)
                .isEqualTo(version);
    }

    /**
     * How often which outcome was told under harm.
     *
     * @return a count for each outcome that there was; a copy
     */
    public Map<Told, Integer> told() {
        return Map.copyOf(told);
    }

    /**
     * The messages of the appends that the store refused.
     *
     * @return in the order in which they came; a copy
     */
    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Looks at what the store answers at once. */
    private final class Witness extends ForwardingBackend {

        Witness(LogBackend next) {
            super(next);
        }

        @Override
        public AppendOutcome append(AppendCommand command) {
            try {
                AppendOutcome outcome = super.append(command);
                if (outcome instanceof AppendOutcome.Appended appended) {
                    requireNext(appended.result());
                }
                return outcome;
            } catch (StoreUnavailable e) {
                refusals.add(String.valueOf(e.getMessage()));
                throw e;
            }
        }
    }
}
