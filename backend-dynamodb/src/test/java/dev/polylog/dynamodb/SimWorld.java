package dev.polylog.dynamodb;

import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The time in which simulated calls happen, and the dice. */
interface SimWorld extends DynamoSurroundings {

    /** Lets the calling thread wait. */
    void sleep(Duration duration);

    /** Does steps one after another at moments of their own, and says how long until the last. */
    Duration spread(List<Runnable> steps);

    /** Does something later. */
    void later(Duration delay, Runnable action);

    /** The dice: one sequence a run. */
    Random dice();

    @Override
    default void pause(Duration duration) {
        sleep(duration);
    }
}
