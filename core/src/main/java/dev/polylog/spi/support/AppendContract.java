package dev.polylog.spi.support;

import static dev.polylog.spi.support.BackendContractViolation.require;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.Limits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What may be asked of an append, and what it may answer. Thread-safe. */
final class AppendContract {

    private final BackendTraits traits;
    private final HandleMemory memory;

    AppendContract(BackendTraits traits, HandleMemory memory) {
        this.traits = traits;
        this.memory = memory;
    }

    /** Refuses what core never asks for: a command beyond the limits or powers of the traits. */
    void requireValid(AppendCommand command) {
        Limits limits = traits.limits();
        int streams = command.expectations().size();
        boolean valid = command.eventCount() <= limits.maxEventsPerAppend()
                && streams <= limits.maxStreamsPerAppend()
                && (streams == command.writes().size() || traits.unwrittenExpectations());
        if (!valid) {
            throw new IllegalArgumentException("the command has " + command.eventCount() + " events, writes "
                    + command.writes().size() + " and expects of " + streams + " streams, which is beyond " + traits);
        }
    }

    AppendOutcome check(AppendCommand command, Position before, Calls.Call<AppendOutcome> call) {
        Map<StreamId, Long> known = new HashMap<>();
        command.expectations().keySet().forEach(stream -> known.put(stream, memory.version(stream)));
        AppendOutcome outcome;
        try {
            outcome = call.make();
        } catch (AppendOutcomeUnknown e) {
            require(
                    e.eventIds().equals(command.eventIds()),
                    "A-05",
                    "the unknown outcome names the events %s, not %s",
                    e.eventIds(),
                    command.eventIds());
            throw e;
        }
        if (outcome instanceof AppendOutcome.Appended appended) {
            appended(command, before, appended.result());
        } else if (outcome instanceof AppendOutcome.Conflict conflict) {
            conflict(command, conflict, known.getOrDefault(conflict.stream(), 0L));
        } else if (outcome instanceof AppendOutcome.Duplicate duplicate) {
            duplicate(command, duplicate);
        }
        return outcome;
    }

    private void appended(AppendCommand command, Position before, AppendResult result) {
        written(command, result);
        if (result.repeated()) {
            return;
        }
        require(
                result.position().isAfter(before),
                "A-07",
                "appended at %s, although an append at %s was acknowledged before",
                result.position(),
                before);
        command.expectations()
                .forEach((stream, expected) -> result.streams().stream()
                        .filter(written -> written.stream().equals(stream))
                        .forEach(written -> require(
                                expected.holdsFor(written.firstVersion() - 1),
                                "A-03",
                                "expected %s of %s, appended at version %d",
                                expected,
                                stream,
                                written.firstVersion())));
        memory.acknowledged(result.position());
    }

    private void written(AppendCommand command, AppendResult result) {
        List<StreamWrite> writes = command.writes();
        require(
                result.streams().stream()
                        .map(AppendResult.Written::stream)
                        .toList()
                        .equals(writes.stream().map(StreamWrite::stream).toList()),
                "A-10",
                "the streams of %s are not those of the command, in its order",
                result);
        for (int i = 0; i < writes.size(); i++) {
            AppendResult.Written written = result.streams().get(i);
            int events = writes.get(i).events().size();
            require(
                    written.firstVersion() >= 1 && written.lastVersion() == written.firstVersion() + events - 1,
                    "A-02",
                    "%d event(s) were appended as %s",
                    events,
                    written);
            memory.version(written.stream(), written.lastVersion());
        }
        require(
                result.position().isAfter(Position.START) && !result.position().equals(Position.END),
                "G-01",
                "an event stands at %s",
                result.position());
    }

    private static void conflict(AppendCommand command, AppendOutcome.Conflict conflict, long known) {
        ExpectedVersion asked = command.expectations().get(conflict.stream());
        boolean wanted = asked != null && asked.equals(conflict.expected());
        require(
                wanted && !conflict.expected().holdsFor(conflict.actual()),
                "A-03",
                "%s is no conflict with %s",
                conflict,
                asked);
        require(conflict.actual() >= known, "A-03", "%s, but the stream was known to have version %d", conflict, known);
    }

    private static void duplicate(AppendCommand command, AppendOutcome.Duplicate duplicate) {
        boolean asked = command.writes().stream()
                .filter(write -> write.stream().equals(duplicate.stream()))
                .flatMap(write -> write.events().stream())
                .map(EventData::id)
                .anyMatch(duplicate.eventId()::equals);
        require(asked, "I-03", "%s names an event that is no part of the command", duplicate);
    }
}
