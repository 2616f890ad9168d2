package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Each mistake is found by the same simulation that finds nothing wrong with the backend. */
class DynamoSabotageTest {

    private static final int SEEDS = 3_000;
    private static final int SEEDS_OF_TURNS = 50;

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
            assertThat(seed <= SEEDS_OF_TURNS && isFoundByTurns(seed, Sabotage.nothing()))
                    .as("turns, seed %d", seed)
                    .isFalse();
        }
    }

    /** Whether somebody does not come to a turn. */
    private static boolean isFoundByTurns(long seed, UnaryOperator<DynamoDbClient> mistake)
            throws InterruptedException {
        SimTurns behindTheDead = new SimTurns(seed, mistake);
        behindTheDead.playBehindTheDead(1, 1);
        return !behindTheDead.complaints().isEmpty()
                || !new SimTurns(seed, mistake).play().isEmpty();
    }

    private static boolean found(Sabotage mistake) throws InterruptedException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                if (!new SimRun(seed, mistake).play().isEmpty()
                        || (seed <= SEEDS_OF_TURNS && isFoundByTurns(seed, mistake))) {
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
