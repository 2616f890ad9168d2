package dev.polylog.bench;

import dev.polylog.StreamId;
import dev.polylog.bench.Study.Effort;
import dev.polylog.bench.StudyReport.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fills a store and takes the time of single appends in turn: long stream, short streams, streams of the empty store. */
final class GrowthStudy {

    private static final int BULK = 500;
    private static final int FILLERS = 4;
    private static final int STREAM = 1_000;
    private static final int SHORT = 10;

    private final StoreContender full;
    private final StoreContender empty;
    private final String run;
    private final Effort effort;
    private final ProgressListener listener;
    private int streams;

    GrowthStudy(StoreContender full, StoreContender empty, String run, Effort effort, ProgressListener listener) {
        this.full = full;
        this.empty = empty;
        this.run = run;
        this.effort = effort;
        this.listener = listener;
    }

    List<Measure> measure(long events, int streamLength) throws Exception {
        StreamId longest = StreamId.of("Bench" + run + "long", "1");
        try (Contender.Session there = full.session();
                Contender.Session here = empty.session()) {
            fill(there, longest, streamLength);
            fillRest(events - streamLength);
            appendToShort(here, effort.roundTime().toNanos());
            appendToShort(there, effort.roundTime().toNanos());
            List<Double> atLong = new ArrayList<>();
            List<Double> atShort = new ArrayList<>();
            List<Double> inEmpty = new ArrayList<>();
            long version = streamLength;
            for (int round = 0; round < effort.rounds(); round++) {
                listener.progress("appending", round, effort.rounds());
                Tally tally = new Tally();
                version = appendTo(there, longest, version, effort.roundTime().toNanos(), tally);
                atLong.add(tally.times().getValueAtPercentile(50) / 1e3);
                atShort.add(appendToShort(there, effort.roundTime().toNanos()));
                inEmpty.add(appendToShort(here, effort.roundTime().toNanos()));
            }
            return List.of(
                    Measure.of("append to a stream of " + streamLength + " in a store of " + events, "us", atLong),
                    Measure.of("append to a stream of " + SHORT + " in a store of " + events, "us", atShort),
                    Measure.of("append to a stream of " + SHORT + " in an empty store", "us", inEmpty),
                    Measure.ratio("long stream to short stream", atLong, atShort),
                    Measure.ratio("full store to empty store", atShort, inEmpty));
        }
    }

    private void fillRest(long events) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(FILLERS);
        try {
            List<Future<?>> filling = new ArrayList<>();
            long all = Math.max(0, events) / STREAM;
            for (int i = 0; i < FILLERS; i++) {
                int first = i;
                filling.add(threads.submit(() -> {
                    try (Contender.Session session = full.session()) {
                        for (long n = first; n < all; n += FILLERS) {
                            fill(session, StreamId.of("Bench" + run + "fill", String.valueOf(n)), STREAM);
                            if (first == 0) {
                                listener.progress("filling", (int) n, (int) all);
                            }
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> one : filling) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void fill(Contender.Session session, StreamId stream, int events) throws Exception {
        EventFactory factory = new EventFactory(stream.hashCode());
        for (int version = 0; version < events; version += BULK) {
            if (!session.append(stream, version, factory.next(Math.min(BULK, events - version)))) {
                throw new IllegalStateException("a stream that nobody else writes has another version: " + stream);
            }
        }
    }

    /** Half of the appends took at most so many microseconds. */
    private double appendToShort(Contender.Session session, long nanos) throws Exception {
        Tally tally = new Tally();
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            StreamId stream = StreamId.of("Bench" + run + "short", String.valueOf(streams++));
            fill(session, stream, SHORT);
            appendTo(session, stream, SHORT, Math.min(20_000_000, nanos), tally);
        }
        return tally.times().getValueAtPercentile(50) / 1e3;
    }

    private static long appendTo(Contender.Session session, StreamId stream, long version, long nanos, Tally tally)
            throws Exception {
        EventFactory factory = new EventFactory(version + stream.hashCode());
        long next = version;
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            var events = factory.next(1);
            long begin = System.nanoTime();
            if (!session.append(stream, next++, events)) {
                throw new IllegalStateException("a stream that nobody else writes has another version: " + stream);
            }
            tally.done(System.nanoTime() - begin, 1);
        }
        return next;
    }
}
