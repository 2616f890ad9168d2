package dev.polylog.kafka;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bodies of proposals: the streams with what is expected of each, then the writes, which point at them.
 *
 * <p>Stateless and thread-safe.
 */
final class ProposalCodec {

    /** Limits of the rules, whatever a process allows itself. */
    static final int MOST_STREAMS = 10_000;

    static final int MOST_EVENTS = 100_000;

    private static final int STREAM_ROOM = 128;
    private static final int EVENT_ROOM = 256;

    private ProposalCodec() {}

    /** About what a body takes, rather more than less: most events have little besides their payload. */
    static int room(AppendCommand command) {
        int room = STREAM_ROOM * command.expectations().size();
        for (StreamWrite write : command.writes()) {
            for (EventData event : write.events()) {
                room += EVENT_ROOM + event.payload().size();
            }
        }
        return room;
    }

    static void write(ByteSink sink, AppendCommand command) {
        List<StreamId> streams = new ArrayList<>(command.expectations().keySet());
        sink.number2(streams.size());
        for (Map.Entry<StreamId, ExpectedVersion> entry : command.expectations().entrySet()) {
            sink.text(entry.getKey().name());
            expectation(sink, entry.getValue());
        }
        sink.number2(command.writes().size());
        for (StreamWrite write : command.writes()) {
            sink.number2(streams.indexOf(write.stream()));
            sink.number4(write.events().size());
            for (EventData event : write.events()) {
                int at = sink.length();
                sink.number4(0);
                EventCodec.write(sink, event);
                sink.number4(at, sink.length() - at - 4);
            }
        }
    }

    private static void expectation(ByteSink sink, ExpectedVersion expected) {
        if (expected instanceof ExpectedVersion.Exactly exactly) {
            sink.number1(3);
            sink.number8(exactly.version());
        } else if (expected instanceof ExpectedVersion.NoStream) {
            sink.number1(1);
        } else {
            sink.number1(expected instanceof ExpectedVersion.StreamExists ? 2 : 0);
        }
    }

    static LogEntry.Proposal read(ByteSource source) throws MalformedRecord {
        int count = source.count2(MOST_STREAMS);
        List<StreamId> streams = new ArrayList<>();
        Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            StreamId stream = StreamId.of(source.name());
            streams.add(stream);
            if (expectations.put(stream, expectation(source)) != null) {
                throw new MalformedRecord("a stream is named twice");
            }
        }
        List<LogEntry.Slice> events = new ArrayList<>();
        List<StreamWrite> writes = writes(source, streams, events);
        return new LogEntry.Proposal(new AppendCommand(expectations, writes), events);
    }

    /** The streams that a body names, without what is expected of them; the writes follow. */
    static List<StreamId> streams(ByteSource source) throws MalformedRecord {
        int count = source.count2(MOST_STREAMS);
        List<StreamId> streams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            streams.add(StreamId.of(source.name()));
            expectation(source);
        }
        return streams;
    }

    private static List<StreamWrite> writes(ByteSource source, List<StreamId> streams, List<LogEntry.Slice> events)
            throws MalformedRecord {
        int count = source.count2(streams.size());
        if (count == 0) {
            throw new MalformedRecord("it writes nothing");
        }
        List<StreamWrite> writes = new ArrayList<>(count);
        boolean[] written = new boolean[streams.size()];
        for (int i = 0; i < count; i++) {
            int stream = source.number2();
            if (stream >= streams.size() || written[stream]) {
                throw new MalformedRecord("it writes a stream twice, or one without an expectation");
            }
            written[stream] = true;
            writes.add(new StreamWrite(streams.get(stream), events(source, events)));
        }
        return writes;
    }

    private static List<EventData> events(ByteSource source, List<LogEntry.Slice> events) throws MalformedRecord {
        int count = source.number4();
        if (count < 1 || count > MOST_EVENTS - events.size()) {
            throw new MalformedRecord("it writes " + count + " events to a stream");
        }
        List<EventData> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LogEntry.Slice event = source.slice(source.number4());
            ids.add(EventCodec.checked(event));
            events.add(event);
        }
        return ids;
    }

    private static ExpectedVersion expectation(ByteSource source) throws MalformedRecord {
        int kind = source.number1();
        return switch (kind) {
            case 0 -> ExpectedVersion.any();
            case 1 -> ExpectedVersion.noStream();
            case 2 -> ExpectedVersion.streamExists();
            case 3 -> exactly(source.number8());
            default -> throw new MalformedRecord("it expects something unknown");
        };
    }

    private static ExpectedVersion exactly(long version) throws MalformedRecord {
        if (version < 1) {
            throw new MalformedRecord("it expects the version " + version);
        }
        return ExpectedVersion.exactly(version);
    }
}
