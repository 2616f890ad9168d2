package dev.polylog.internal;

import dev.polylog.Append;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.InvalidAppend;
import dev.polylog.StreamId;
import dev.polylog.UnsupportedByStore;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns what an application asks for into a command that a backend may be given, or says everything that is wrong with
 * it (rules, I-04).
 *
 * <p>Immutable and thread-safe.
 */
final class AppendValidator {

    private final BackendTraits traits;

    AppendValidator(BackendTraits traits) {
        this.traits = traits;
    }

    AppendCommand validate(@Nullable Append append) {
        if (append == null) {
            throw new InvalidAppend(List.of("the append is null"));
        }
        return new Pass(Labels.NONE).run(append.parts());
    }

    /** Whether problems name the stream; the words are made only where something is wrong. */
    private enum Labels {
        NONE,
        STREAMS
    }

    /** One validation: what is wrong, and how large the append is. */
    private final class Pass {

        private final Labels labels;
        private final List<String> problems = new ArrayList<>();
        private final Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>(2);
        private final List<StreamWrite> writes = new ArrayList<>(1);
        private final Limits limits = traits.limits();
        private int events;
        private int written;
        private long bytes;

        Pass(Labels labels) {
            this.labels = labels;
        }

        AppendCommand run(List<Append.Part> parts) {
            for (Append.Part part : parts) {
                part(part, labels == Labels.NONE ? "" : "stream " + Names.quote(nameOf(part.stream())) + ": ");
            }
            if (!problems.isEmpty() && labels == Labels.NONE && parts.size() > 1) {
                return new Pass(Labels.STREAMS).run(parts);
            }
            if (written == 0 && problems.isEmpty()) {
                problems.add("no events; an append writes at least one");
            }
            atMost("events in one append", "maxEventsPerAppend", events, limits.maxEventsPerAppend());
            atMost("payload and metadata bytes in one append", "maxAppendBytes", bytes, limits.maxAppendBytes());
            if (!problems.isEmpty()) {
                throw new InvalidAppend(problems);
            }
            powers(parts);
            return new AppendCommand(expectations, writes);
        }

        private void powers(List<Append.Part> parts) {
            if (written > 1 && !traits.multiStreamAppend()) {
                throw new UnsupportedByStore("the store " + traits.backend() + " cannot write " + written
                        + " streams in one append (trait maxStreamsPerAppend is 1); write one stream at a time");
            }
            if (parts.size() > written && !traits.unwrittenExpectations()) {
                throw new UnsupportedByStore("the store " + traits.backend()
                        + " cannot check expectations on streams that an append does not write"
                        + " (trait unwrittenExpectations is false); leave them out");
            }
            if (parts.size() > limits.maxStreamsPerAppend()) {
                throw new InvalidAppend(List.of(parts.size()
                        + " streams in one append; the limit maxStreamsPerAppend is " + limits.maxStreamsPerAppend()));
            }
        }

        private void part(Append.Part part, String where) {
            StreamId stream = part.stream();
            if (stream == null) {
                problems.add(where + "the stream is null");
            } else {
                Names.checkStream(stream.name(), where, problems);
                if (expectations.containsKey(stream)) {
                    problems.add(where + "the stream is named twice in one append");
                }
            }
            if (part.expected() == null) {
                problems.add(where + "the expected version is null; use ExpectedVersion.any() to expect nothing");
            }
            if (stream != null && part.expected() != null) {
                expectations.putIfAbsent(stream, part.expected());
            }
            if (part.events() != null) {
                written++;
                events(stream, part.events(), where);
            }
        }

        private void events(@Nullable StreamId stream, List<EventData> given, String where) {
            if (given.isEmpty()) {
                problems.add(where + "no events; an append writes at least one");
                return;
            }
            Set<UUID> ids = new HashSet<>(2 * given.size());
            int before = problems.size();
            for (int i = 0; i < given.size(); i++) {
                EventData event = given.get(i);
                boolean allowed = event != null && isAllowed(event) && ids.add(event.id());
                if (!allowed) {
                    describe(event, ids, where + "event " + (i + 1) + ": ");
                }
            }
            events += given.size();
            if (before == problems.size() && stream != null) {
                writes.add(new StreamWrite(stream, given));
            }
        }

        /** The quick way, for which no words are made; counts the bytes of an event that may be written. */
        private boolean isAllowed(EventData event) {
            if (!Names.isAllowed(event.type()) || !Names.isAllowed(event.contentType())) {
                return false;
            }
            for (Map.Entry<String, String> entry : event.metadata().asMap().entrySet()) {
                if (!Names.isAllowed(entry.getKey()) || Names.hasUnpairedSurrogate(entry.getValue())) {
                    return false;
                }
            }
            int metadataBytes = event.metadata().jsonSize();
            bytes += event.payload().size() + metadataBytes;
            return event.payload().size() <= limits.maxPayloadBytes() && metadataBytes <= limits.maxMetadataBytes();
        }

        private void describe(@Nullable EventData event, Set<UUID> ids, String at) {
            if (event == null) {
                problems.add(at + "is null");
                return;
            }
            Names.check(event.type(), at + "the type", problems);
            Names.check(event.contentType(), at + "the content type", problems);
            int before = problems.size();
            event.metadata().asMap().forEach((name, value) -> {
                Names.check(name, at + "the metadata name " + Names.quote(name), problems);
                if (Names.hasUnpairedSurrogate(value)) {
                    problems.add(at + "the value of metadata " + Names.quote(name)
                            + " contains an unpaired surrogate, which is no character");
                }
            });
            int metadataBytes = before == problems.size() ? event.metadata().jsonSize() : 0;
            atMost(at + "payload bytes", "maxPayloadBytes", event.payload().size(), limits.maxPayloadBytes());
            atMost(at + "metadata bytes", "maxMetadataBytes", metadataBytes, limits.maxMetadataBytes());
            if (!ids.add(event.id())) {
                problems.add(at + "the id " + event.id() + " occurs twice in this append to one stream");
            }
        }

        private void atMost(String what, String limit, long actual, long most) {
            if (actual > most) {
                problems.add(what + ": " + actual + "; the limit " + limit + " is " + most);
            }
        }

        private static String nameOf(@Nullable StreamId stream) {
            return stream == null ? "null" : stream.name();
        }
    }
}
