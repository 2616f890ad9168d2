package dev.polylog.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Runs clients at the same time, each on a thread of its own, until their time is up. Stateless. */
final class Clients {

    /** What all clients did, and how long it took. */
    record Result(Tally tally, double seconds) {}

    /** One client: does one operation at every call. */
    @FunctionalInterface
    interface Client {

        /** Does one operation, notes it, and returns how many events it wrote. */
        long operate(Tally tally) throws Exception;
    }

    /** Makes clients. */
    @FunctionalInterface
    interface Maker {
        Client make(Contender.Session session, int number) throws Exception;
    }

    private Clients() {}

    static Result run(Contender contender, int count, long nanos, long maxEvents, Maker maker) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        CountDownLatch ready = new CountDownLatch(count);
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong left = new AtomicLong(maxEvents);
        try {
            List<Future<Tally>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    try (Contender.Session session = contender.session()) {
                        Client client = maker.make(session, number);
                        ready.countDown();
                        go.await();
                        return work(client, System.nanoTime() + nanos, left);
                    } finally {
                        ready.countDown();
                    }
                }));
            }
            ready.await();
            long begin = System.nanoTime();
            go.countDown();
            Tally all = new Tally();
            for (Future<Tally> one : running) {
                all.add(one.get());
            }
            return new Result(all, (System.nanoTime() - begin) / 1e9);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a client of " + contender.description() + " failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private static Tally work(Client client, long deadline, AtomicLong left) {
        Tally tally = new Tally();
        while (System.nanoTime() < deadline && left.get() > 0) {
            try {
                left.addAndGet(-client.operate(tally));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return tally;
            } catch (Exception e) {
                tally.error(e);
                if (tally.operations() == 0 && tally.errors() > 100) {
                    return tally;
                }
            }
        }
        return tally;
    }
}
