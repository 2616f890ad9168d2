package dev.polylog.dynamodb;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Real threads and real time: what is spread is spread by giving way to others between two steps. Thread-safe. */
final class RealWorld implements SimWorld {

    private final Random dice = new Random(1);

    @Override
    public void sleep(Duration duration) {
        Thread.yield();
    }

    @Override
    public void pause(Duration duration) {
        DynamoSurroundings.REAL.pause(duration);
    }

    @Override
    public Duration spread(List<Runnable> steps) {
        for (Runnable step : steps) {
            Thread.yield();
            step.run();
        }
        return Duration.ZERO;
    }

    @Override
    public void later(Duration delay, Runnable action) {
        action.run();
    }

    @Override
    public Random dice() {
        return dice;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long random() {
        return DynamoSurroundings.REAL.random();
    }
}
