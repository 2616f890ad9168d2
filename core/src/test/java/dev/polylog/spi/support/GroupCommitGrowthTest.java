package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.StoreUnavailable;
import dev.polylog.spi.support.GroupCommit.GrowingCommitter;
import dev.polylog.spi.support.GroupCommit.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule A-15 where members join a group that is being written: they come while the first commit is under way. */
@Timeout(60)
class GroupCommitGrowthTest {

    private final List<List<String>> attempts = new ArrayList<>();
    private final List<CompletableFuture<String>> outcomes = new ArrayList<>();
    private final AtomicReference<GroupCommit<String, String>> group = new AtomicReference<>();

    /** Begins with "first", lets others queue, takes them in, and goes on as the test wants. */
    private void play(int maxGroup, List<String> others, GrowingCommitter<String, String> committer) {
        group.set(new GroupCommit<>(
                (members, more) -> {
                    boolean isFirst = attempts.isEmpty();
                    if (isFirst) {
                        others.forEach(this::queue);
                    }
                    List<String> all = new ArrayList<>(members);
                    all.addAll(more.get());
                    attempts.add(all);
                    return committer.commit(all, List::of);
                },
                maxGroup,
                100,
                Duration.ofSeconds(30)));
        CompletableFuture<String> first = new CompletableFuture<>();
        outcomes.add(first);
        commit("first", first);
    }

    private void commit(String command, CompletableFuture<String> outcome) {
        try {
            outcome.complete(group.get().commit(command));
        } catch (RuntimeException e) {
            outcome.completeExceptionally(e);
        }
    }

    private void queue(String command) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        outcomes.add(outcome);
        Thread thread = new Thread(() -> commit(command, outcome));
        thread.start();
        while (LockSupport.getBlocker(thread) != group.get() && thread.isAlive()) {
            LockSupport.parkNanos(100_000);
        }
    }

    private static List<Result<String>> done(List<String> members, Supplier<List<String>> none) {
        assertThat(none.get()).isEmpty();
        return members.stream()
                .<Result<String>>map(member -> new Result.Outcome<>(member + "!"))
                .toList();
    }

    private String outcome(int caller) throws Exception {
        return outcomes.get(caller).get(30, TimeUnit.SECONDS);
    }

    @Test
    void whoever_comes_while_a_group_is_written_joins_it_and_gets_an_outcome_of_its_own() throws Exception {
        play(100, List.of("a", "b"), GroupCommitGrowthTest::done);
        assertThat(attempts).containsExactly(List.of("first", "a", "b"));
        assertThat(List.of(outcome(0), outcome(1), outcome(2))).containsExactly("first!", "a!", "b!");
    }

    @Test
    void a_group_grows_no_further_than_allowed() throws Exception {
        play(2, List.of("a", "b"), GroupCommitGrowthTest::done);
        assertThat(outcome(2)).isEqualTo("b!");
        assertThat(attempts).containsExactly(List.of("first", "a"), List.of("b"));
    }

    @Test
    void a_poisonous_write_that_joined_fails_alone() throws Exception {
        play(100, List.of("a", "poison", "b"), (members, more) -> {
            if (members.contains("poison")) {
                throw new IllegalArgumentException("poison");
            }
            return done(members, more);
        });
        assertThat(List.of(outcome(0), outcome(1), outcome(3))).containsExactly("first!", "a!", "b!");
        assertThatThrownBy(() -> outcome(2))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_store_that_became_unavailable_is_told_to_those_who_joined_too() {
        play(100, List.of("a"), (members, more) -> {
            throw new StoreUnavailable("gone", null);
        });
        for (int caller = 0; caller < 2; caller++) {
            int number = caller;
            assertThatThrownBy(() -> outcome(number)).hasCauseInstanceOf(StoreUnavailable.class);
        }
        assertThat(attempts).hasSize(1);
    }

    @Test
    void results_are_wanted_for_those_who_joined_too() {
        play(100, List.of("a"), (members, more) -> done(members.subList(0, 1), more));
        // Tried apart, each gets its own.
        assertThat(attempts.get(0)).containsExactly("first", "a");
        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).succeedsWithin(Duration.ofSeconds(30)));
    }
}
