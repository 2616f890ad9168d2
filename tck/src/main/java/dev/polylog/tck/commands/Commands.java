package dev.polylog.tck.commands;

import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Turns numbers into streams and events, and relative versions into those of the moment. Confined to one thread. */
final class Commands {

    private static final int TYPES = 3;

    private final String prefix;
    private final Side reference;
    private final boolean leavesAnswersOpen;

    Commands(String prefix, Side reference, BackendTraits traits) {
        this.prefix = prefix;
        this.reference = reference;
        this.leavesAnswersOpen = traits.repeatWindow() == RepeatWindow.UNTIL_NEXT_APPEND
                || traits.duplicateDetection() == DuplicateDetection.EXPECTED_VERSIONS;
    }

    /** The first two streams share a category; the second one's name begins the third one's. */
    StreamId stream(int number) {
        return StreamId.of(
                switch (number) {
                    case 0 -> prefix + "a-1";
                    case 1 -> prefix + "a-2";
                    case 2 -> prefix + "a-22";
                    default -> prefix + "b" + number;
                });
    }

    static String type(int number) {
        return "Type" + number % TYPES;
    }

    AppendCommand resolve(Command.Append append) {
        Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>();
        List<AppendCommand.StreamWrite> writes = new ArrayList<>();
        for (Command.Part part : append.parts()) {
            StreamId stream = stream(part.stream());
            expectations.put(stream, expected(part.expected(), reference.version(stream)));
            if (!part.events().isEmpty()) {
                writes.add(new AppendCommand.StreamWrite(
                        stream, part.events().stream().map(this::event).toList()));
            }
        }
        return new AppendCommand(expectations, writes);
    }

    private static ExpectedVersion expected(Command.Expected expected, long version) {
        return switch (expected) {
            case ANY -> ExpectedVersion.any();
            case NO_STREAM -> ExpectedVersion.noStream();
            case STREAM_EXISTS -> ExpectedVersion.streamExists();
            case CURRENT -> ExpectedVersion.exactly(version);
            case BEHIND -> ExpectedVersion.exactly(Math.max(0, version - 1));
            case AHEAD -> ExpectedVersion.exactly(version + 1);
        };
    }

    private EventData event(int number) {
        UUID id = UUID.nameUUIDFromBytes((prefix + number).getBytes(StandardCharsets.UTF_8));
        Metadata metadata = number % 2 == 0 ? Metadata.empty() : Metadata.of("number", String.valueOf(number));
        return new EventData(id, type(number), EventData.JSON, Payload.utf8("{\"number\": " + number + "}"), metadata);
    }

    /** Whether the store's traits leave open how this append is answered in the state that the streams have. */
    boolean isOpen(AppendCommand command) {
        return leavesAnswersOpen && command.writes().stream().anyMatch(write -> isOpen(command, write));
    }

    private boolean isOpen(AppendCommand command, AppendCommand.StreamWrite write) {
        List<UUID> there = reference.stream(write.stream(), Direction.FORWARDS, 1, 1_000).stream()
                .map(RecordedEvent::id)
                .toList();
        List<UUID> ids = write.events().stream().map(EventData::id).toList();
        if (Collections.disjoint(there, ids)) {
            return false;
        }
        ExpectedVersion expected = command.expectations().get(write.stream());
        int last = Math.max(0, there.size() - ids.size());
        int from = expected instanceof ExpectedVersion.Exactly exactly
                ? (int) Math.min(exactly.version(), there.size())
                : expected instanceof ExpectedVersion.NoStream ? 0 : last;
        List<UUID> looked = there.subList(from, Math.min(from + ids.size(), there.size()));
        boolean onlyThere = there.stream().filter(ids::contains).allMatch(looked::contains);
        boolean exact = expected instanceof ExpectedVersion.Exactly || expected instanceof ExpectedVersion.NoStream;
        return !(looked.equals(ids) || (exact && onlyThere));
    }
}
