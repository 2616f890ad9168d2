package dev.polylog.dynamodb;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Time and chance, injected: whatever waits or draws does so through this, so that a simulator can play it.
 *
 * <p>Implementations are thread-safe.
 */
interface DynamoSurroundings {

    /** The real ones. */
    DynamoSurroundings REAL = new DynamoSurroundings() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void pause(Duration duration) {
            LockSupport.parkNanos(this, duration.toNanos());
        }

        @Override
        public long random() {
            return ThreadLocalRandom.current().nextLong();
        }
    };

    /** A clock for spans of time. */
    long nanoTime();

    /** The time of day, for people and records. */
    Instant now();

    /** Waits, perhaps shorter. */
    void pause(Duration duration);

    /** Any number, each as likely as any other. */
    long random();
}
