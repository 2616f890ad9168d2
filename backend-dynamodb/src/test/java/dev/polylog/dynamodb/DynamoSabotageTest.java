package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each mistake is found by the same simulation that finds nothing wrong with the backend. */
class DynamoSabotageTest {

    private static final int SEEDS = 3_000;

    @ParameterizedTest
    @EnumSource
    void a_mistake_is_found(Sabotage mistake) throws InterruptedException {
        assertThat(found(mistake)).as("%s, after %d seeds", mistake, SEEDS).isTrue();
    }

    @Test
    void what_changes_nothing_is_found_by_nobody() throws InterruptedException {
        for (long seed = 1; seed <= 100; seed++) {
            assertThat(new SimRun(seed, Sabotage.nothing()).play())
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    private static boolean found(Sabotage mistake) throws InterruptedException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                if (!new SimRun(seed, mistake).play().isEmpty()) {
                    return true;
                }
            } catch (AssertionError | IllegalStateException e) {
                // The backend ran into what must not be: found as well.
                return true;
            }
        }
        return false;
    }
}
