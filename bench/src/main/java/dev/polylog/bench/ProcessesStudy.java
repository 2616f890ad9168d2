package dev.polylog.bench;

import dev.polylog.bench.Study.Effort;
import dev.polylog.bench.StudyReport.Measure;
import dev.polylog.spi.BackendUrl;
import java.util.ArrayList;
import java.util.List;

/** Several processes append at the same time, to the store and through its plain driver in turn. */
final class ProcessesStudy {

    private static final String STORE = "-1";
    private static final String PLAIN = "0";

    private final String url;
    private final String run;
    private final int processes;
    private final int writers;
    private final Effort effort;
    private final ProgressListener listener;

    ProcessesStudy(String url, String run, int processes, int writers, Effort effort, ProgressListener listener) {
        if (processes < 1 || writers < 1) {
            throw new IllegalArgumentException(
                    processes + " processes with " + writers + " writers: expected 1 or more of each");
        }
        this.url = url;
        this.run = run;
        this.processes = processes;
        this.writers = writers;
        this.effort = effort;
        this.listener = listener;
    }

    List<Measure> measure() throws Exception {
        String who = processes + " processes, " + writers + (writers == 1 ? " writer" : " writers") + " each: ";
        List<Contender> plain = Contenders.baselines(BackendUrl.parse(url), run);
        try (StoreContender store = Contenders.store(BackendUrl.parse(url))) {
            List<Double> mine = new ArrayList<>();
            List<Double> raw = new ArrayList<>();
            for (int round = 0; round < effort.rounds(); round++) {
                listener.progress(who + "appending", round, effort.rounds());
                mine.add(storeRate(store, round));
                if (!plain.isEmpty()) {
                    raw.add(rate(PLAIN, round)[1]);
                }
            }
            List<Measure> measures = new ArrayList<>();
            measures.add(Measure.of(who + "the store", "appends/s", mine));
            if (!plain.isEmpty()) {
                measures.add(Measure.of(who + plain.get(0).description(), "appends/s", raw));
                measures.add(Measure.ratio(who + "ratio", mine, raw));
            }
            return measures;
        } finally {
            for (Contender contender : plain) {
                contender.close();
            }
        }
    }

    /** The rate, after a look whether everything that was acknowledged is there, once. */
    private double storeRate(StoreContender store, int round) throws Exception {
        try (Contender.Session session = store.session()) {
            Object mark = session.mark();
            double[] done = rate(STORE, round);
            long there = session.readAll(mark);
            if (there < done[0]) {
                throw new IllegalStateException(
                        "A-16: " + (long) done[0] + " appends were acknowledged, " + there + " events are there");
            }
            return done[1];
        }
    }

    private double[] rate(String contender, int round) throws Exception {
        long nanos = effort.roundTime().toNanos();
        try (Workers workers = new Workers(url)) {
            for (int i = 0; i < processes; i++) {
                workers.start(
                        "append", contender, run, round + "x" + i, String.valueOf(writers), String.valueOf(nanos));
            }
            workers.begin();
            double operations = 0;
            double rate = 0;
            for (String answer : workers.answers(nanos)) {
                String[] parts = answer.split(" ");
                operations += Double.parseDouble(parts[0]);
                rate += Double.parseDouble(parts[0]) / Double.parseDouble(parts[1]);
            }
            return new double[] {operations, rate};
        }
    }
}
