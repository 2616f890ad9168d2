package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Runs one workload on one contender for some time. Confined to one thread. */
final class Drivers {

    private static final int STREAMS_TO_READ = 20;
    private static final int BULK = 50;
    private static final int PART = 10;

    private final BenchOptions options;
    private final String run;
    private int loads;

    Drivers(BenchOptions options, String run) {
        this.options = options;
        this.run = run;
    }

    /** What a read workload reads: made once for each contender, before anything is measured. */
    record Prepared(Object mark, long events, List<StreamId> streams) {}

    Prepared prepare(Workload workload, Contender contender) throws Exception {
        try (Contender.Session session = contender.session()) {
            Object mark = session.mark();
            boolean all = workload.kind() == Workload.Kind.READ_ALL;
            int events = all ? options.readEvents() : STREAMS_TO_READ * workload.events();
            int perStream = all ? 1_000 : workload.events();
            List<StreamId> streams = new ArrayList<>();
            EventFactory factory = new EventFactory(seed());
            for (int written = 0; written < events; written += perStream) {
                StreamId stream = stream("read", streams.size());
                streams.add(stream);
                fill(session, stream, Math.min(perStream, events - written), all ? BULK : PART, factory);
            }
            return new Prepared(mark, events, streams);
        }
    }

    private static void fill(Contender.Session session, StreamId stream, int events, int atATime, EventFactory factory)
            throws Exception {
        for (int version = 0; version < events; version += atATime) {
            List<EventData> some = factory.next(Math.min(atATime, events - version));
            if (!session.append(stream, version, some)) {
                throw new IllegalStateException("a stream that nobody else writes has another version: " + stream);
            }
        }
    }

    Clients.Result measure(Workload workload, Contender contender, @Nullable Prepared prepared, long nanos)
            throws Exception {
        int load = loads++;
        Clients.Maker maker = switch (workload.kind()) {
            case APPEND -> (session, number) -> appender(session, stream("own" + load, number), workload);
            case CONTENDED -> (session, number) -> contender(session, stream("shared" + load, 0));
            case READ_STREAM -> (session, number) -> streamReader(session, needed(prepared));
            case READ_ALL -> (session, number) -> logReader(session, needed(prepared));
            case SUBSCRIBE -> throw new IllegalArgumentException("subscriptions have a driver of their own");
        };
        return Clients.run(contender, workload.clients(), nanos, options.maxEvents(), maker);
    }

    private static Prepared needed(@Nullable Prepared prepared) {
        return Objects.requireNonNull(prepared, "reads need something to read");
    }

    private StreamId stream(String what, int number) {
        return StreamId.of("Bench" + run + what, String.valueOf(number));
    }

    private long seed() {
        return UUID.randomUUID().getLeastSignificantBits();
    }

    private Clients.Client appender(Contender.Session session, StreamId stream, Workload workload) {
        EventFactory factory = new EventFactory(seed());
        long[] version = {0};
        return tally -> {
            List<EventData> events = factory.next(workload.events());
            long begin = System.nanoTime();
            if (!session.append(stream, version[0], events)) {
                tally.conflict();
                version[0] = session.version(stream);
                return 0;
            }
            tally.done(System.nanoTime() - begin, 1);
            version[0] += events.size();
            return events.size();
        };
    }

    /** The time of an append that succeeds in the end counts from its first attempt. */
    private Clients.Client contender(Contender.Session session, StreamId stream) {
        EventFactory factory = new EventFactory(seed());
        return tally -> {
            List<EventData> events = factory.next(1);
            long begin = System.nanoTime();
            while (!session.append(stream, session.version(stream), events)) {
                tally.conflict();
            }
            tally.done(System.nanoTime() - begin, 1);
            return 1;
        };
    }

    private static Clients.Client streamReader(Contender.Session session, Prepared prepared) {
        int[] next = {0};
        long each = prepared.events() / prepared.streams().size();
        return tally -> {
            StreamId stream =
                    prepared.streams().get(next[0]++ % prepared.streams().size());
            long begin = System.nanoTime();
            require(session.readStream(stream), each);
            tally.done(System.nanoTime() - begin, 1);
            return 0;
        };
    }

    private static Clients.Client logReader(Contender.Session session, Prepared prepared) {
        return tally -> {
            long begin = System.nanoTime();
            require(session.readAll(prepared.mark()), prepared.events());
            tally.done(System.nanoTime() - begin, prepared.events());
            return 0;
        };
    }

    private static void require(long read, long expected) {
        if (read != expected) {
            throw new IllegalStateException("read " + read + " events where " + expected + " were written");
        }
    }
}
