package dev.polylog.dynamodb;

import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/**
 * The way of one process to the service and back: calls travel, get lost on either way, come late or twice, are throttled,
 * or are the last ones of the process.
 */
final class SimNetwork {

    private static final Duration CALL_TIMEOUT = Duration.ofMillis(300);
    private static final long LONGEST_OUTAGE_NANOS = 4_000_000_000L;

    private final Object service;
    private final SimWorld world;
    private volatile int troublePercent;
    private int copiesRefused;
    private long distanceNanos;
    private boolean mortal;
    private long outageEnds;

    /** A way without trouble to a service that does one call's work at a time. */
    SimNetwork(Object service, SimWorld world) {
        this.service = service;
        this.world = world;
    }

    /** The process ends at its next call, wherever that is. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** So many of a hundred calls meet some trouble. */
    void trouble(int percent) {
        troublePercent = percent;
    }

    boolean isTroubled() {
        return troublePercent > 0;
    }

    /** Each call takes so much longer, there and back. */
    void far(Duration distance) {
        distanceNanos = distance.toNanos();
    }

    /** Calls may be the last ones of the process. */
    void mortal() {
        mortal = true;
    }

    /** How many copies came too late to do anything. */
    int copiesRefused() {
        return copiesRefused;
    }

    private enum Fate {
        WELL,
        REQUEST_LOST,
        REQUEST_LATE,
        REQUEST_TWICE,
        ANSWER_LOST,
        ERROR_BEFORE,
        ERROR_AFTER,
        THROTTLED
    }

    private Fate fate() {
        Random dice = world.dice();
        Fate[] fates = Fate.values();
        if (mortal && dice.nextInt(70) == 0) {
            outageEnds = world.nanoTime() + 1 + dice.nextLong(LONGEST_OUTAGE_NANOS);
        }
        if (world.nanoTime() < outageEnds) {
            return dice.nextInt(3) == 0 ? Fate.ANSWER_LOST : dice.nextBoolean() ? Fate.REQUEST_LATE : Fate.REQUEST_LOST;
        }
        return troublePercent > 0 && dice.nextInt(100) < troublePercent
                ? fates[1 + dice.nextInt(fates.length - 1)]
                : Fate.WELL;
    }

    private Duration latency() {
        return Duration.ofNanos(distanceNanos + 50_000 + world.dice().nextInt(2_000_000));
    }

    private Duration lateness() {
        return Duration.ofMillis(1 + world.dice().nextInt(4_000));
    }

    private void live() {
        if (mortal && world.dice().nextInt(200) == 0) {
            throw new Killed();
        }
    }

    /** A call whose work is done at one moment. */
    <T> T call(Supplier<T> work) {
        Fate fate = fate();
        live();
        world.sleep(latency());
        before(fate, () -> withoutAnswer(work));
        T answer;
        synchronized (service) {
            answer = work.get();
        }
        live();
        // The way back is often quick: that spares half of the changes of threads.
        if (world.dice().nextInt(4) == 0) {
            world.sleep(latency());
        }
        after(fate);
        return answer;
    }

    /** A call whose work becomes visible little by little, in the time that its beginning tells; answered after that. */
    void callAndAwait(Supplier<Duration> begin) {
        Fate fate = fate();
        world.sleep(latency());
        before(fate, () -> withoutAnswer(begin));
        Duration visible = begin.get();
        live();
        world.sleep(visible.compareTo(CALL_TIMEOUT) > 0 ? CALL_TIMEOUT : visible.plus(latency()));
        if (visible.compareTo(CALL_TIMEOUT) > 0) {
            throw ApiCallTimeoutException.create(CALL_TIMEOUT.toMillis());
        }
        after(fate);
    }

    private void before(Fate fate, Runnable copy) {
        switch (fate) {
            case REQUEST_LOST -> timeOut();
            case REQUEST_LATE -> {
                world.later(lateness(), copy);
                timeOut();
            }
            case REQUEST_TWICE -> world.later(lateness(), copy);
            case ERROR_BEFORE -> throw error();
            case THROTTLED -> throw throttled();
            default -> {}
        }
    }

    private void after(Fate fate) {
        if (fate == Fate.ANSWER_LOST) {
            timeOut();
        } else if (fate == Fate.ERROR_AFTER) {
            throw error();
        }
    }

    private void withoutAnswer(Supplier<?> work) {
        try {
            var unused = work.get();
        } catch (SdkException nobodyWaits) {
            copiesRefused++;
        }
    }

    private void timeOut() {
        world.sleep(CALL_TIMEOUT);
        throw ApiCallTimeoutException.create(CALL_TIMEOUT.toMillis());
    }

    private static RuntimeException error() {
        return InternalServerErrorException.builder()
                .message("internal server error")
                .statusCode(500)
                .build();
    }

    private static RuntimeException throttled() {
        return ProvisionedThroughputExceededException.builder()
                .message("too much")
                .statusCode(400)
                .build();
    }
}
