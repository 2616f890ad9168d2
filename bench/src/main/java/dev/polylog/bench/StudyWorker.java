package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.StreamId;
import dev.polylog.spi.BackendUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of its own that takes part in a study: it opens its contender, makes a file to say that it is ready, waits for
 * a line, works, and writes how many operations it got done. Started by {@link Workers}.
 */
final class StudyWorker {

    private static final long WARM_UP_NANOS = 1_000_000_000L;

    private StudyWorker() {}

    /**
     * Runs the worker.
     *
     * @param arguments what to do and how, as {@link Workers} gives them; the URL comes by the environment, since it may
     *     hold a password
     */
    public static void main(String[] arguments) throws Exception {
        BackendUrl url = BackendUrl.parse(System.getenv(Workers.URL));
        Path answer = Path.of(arguments[0]);
        switch (arguments[1]) {
            case "append" -> append(url, answer, arguments);
            case "offer" -> offer(url, answer, arguments);
            default -> throw new IllegalArgumentException("no such work: " + arguments[1]);
        }
        // Without closing a baseline, which would remove what others still use.
        System.exit(0);
    }

    /** Arguments: contender (-1 the store, else the baseline's number), run, worker's number, writers, nanoseconds. */
    private static void append(BackendUrl url, Path answer, String[] arguments) throws Exception {
        int baseline = Integer.parseInt(arguments[2]);
        String run = arguments[3];
        String worker = arguments[4];
        int writers = Integer.parseInt(arguments[5]);
        Contender contender = baseline < 0
                ? Contenders.store(url)
                : Contenders.baselines(url, run).get(baseline);
        work(contender, writers, WARM_UP_NANOS, "Bench" + run + "warm" + worker);
        ready(answer);
        Clients.Result result = work(contender, writers, Long.parseLong(arguments[6]), "Bench" + run + "work" + worker);
        Tally tally = result.tally();
        if (tally.errors() > 0 || tally.conflicts() > 0) {
            throw new IllegalStateException(
                    tally.errors() + " appends failed and " + tally.conflicts() + " conflicted: " + tally.firstError());
        }
        Files.writeString(answer, tally.operations() + " " + result.seconds());
    }

    private static Clients.Result work(Contender contender, int writers, long nanos, String category) throws Exception {
        return Clients.run(contender, writers, nanos, Long.MAX_VALUE, (session, number) -> {
            StreamId stream = StreamId.of(category, String.valueOf(number));
            EventFactory factory = new EventFactory(stream.hashCode() + System.nanoTime());
            long[] version = {0};
            return tally -> {
                List<EventData> events = factory.next(1);
                long begin = System.nanoTime();
                if (session.append(stream, version[0], events)) {
                    tally.done(System.nanoTime() - begin, 1);
                    version[0]++;
                } else {
                    tally.conflict();
                }
                return 1;
            };
        });
    }

    /** Arguments: category, events, nanoseconds between two. Each event says when it was due, by the machine's clock. */
    private static void offer(BackendUrl url, Path answer, String[] arguments) throws Exception {
        int events = Integer.parseInt(arguments[3]);
        long interval = Long.parseLong(arguments[4]);
        try (EventStore store = Contenders.store(url).plain()) {
            StreamId stream = StreamId.of(arguments[2], "1");
            for (int i = 0; i < 200; i++) {
                store.append(StreamId.of(arguments[2] + "warm", "1"), ExpectedVersion.any(), event(0));
            }
            ready(answer);
            long begin = System.nanoTime() + interval;
            for (int i = 0; i < events; i++) {
                long due = begin + i * interval;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                store.append(stream, ExpectedVersion.any(), event(due));
            }
            Files.writeString(answer, String.valueOf(events));
        }
    }

    private static EventData event(long due) {
        return EventData.of("Offered", "text/plain", Payload.utf8(String.valueOf(due)));
    }

    private static void ready(Path answer) throws IOException {
        Files.createFile(Workers.ready(answer));
        if (System.in.read() < 0) {
            throw new IOException("whoever started this process is gone");
        }
    }
}
