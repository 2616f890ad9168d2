package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.support.GroupCommit.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rule A-15 under schedules that hurt; a gate holds the first group so that the others queue behind it. */
@Timeout(60)
class GroupCommitTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String GATE = "gate";

    private final List<List<String>> groups = Collections.synchronizedList(new ArrayList<>());
    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger answered = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch gateReached = new CountDownLatch(1);
    private final List<Caller> callers = new ArrayList<>();

    /** A thread that commits one command and keeps what it got. */
    private static final class Caller {
        private final CompletableFuture<String> outcome = new CompletableFuture<>();
        private final AtomicBoolean interruptedAfterwards = new AtomicBoolean();
        private final Thread thread;

        Caller(GroupCommit<String, String> group, String command) {
            thread = new Thread(() -> {
                try {
                    outcome.complete(group.commit(command));
                } catch (Throwable e) {
                    outcome.completeExceptionally(e);
                }
                interruptedAfterwards.set(Thread.currentThread().isInterrupted());
            });
            thread.start();
        }

        Throwable failure() throws Exception {
            try {
                throw new AssertionError("expected a failure, got " + outcome.get(30, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
    }

    @AfterEach
    void joinEveryone() throws InterruptedException {
        gate.countDown();
        for (Caller caller : callers) {
            caller.thread.join(30_000);
            assertThat(caller.thread.isAlive()).isFalse();
            assertThat(caller.outcome).isDone();
        }
    }

    private List<Result<String>> write(List<String> group) {
        groups.add(List.copyOf(group));
        if (group.contains(GATE)) {
            gateReached.countDown();
            awaitGate();
        }
        written.addAll(group);
        return group.stream()
                .<Result<String>>map(command -> new Result.Outcome<>(command + "!"))
                .toList();
    }

    private void awaitGate() {
        boolean opened = false;
        while (!opened) {
            try {
                gate.await();
                opened = true;
            } catch (InterruptedException e) {
                throw new AssertionError("the committer's thread was interrupted", e);
            }
        }
    }

    private static GroupCommit<String, String> over(GroupCommit.Committer<String, String> committer) {
        return new GroupCommit<>(committer, 100, 100, LONG);
    }

    private Caller call(GroupCommit<String, String> group, String command) {
        Caller caller = new Caller(group, command);
        callers.add(caller);
        return caller;
    }

    /** Calls, and returns when the caller is parked in the queue. */
    private Caller queue(GroupCommit<String, String> group, String command) {
        Caller caller = call(group, command);
        while (LockSupport.getBlocker(caller.thread) != group && caller.thread.isAlive()) {
            LockSupport.parkNanos(100_000);
        }
        return caller;
    }

    private void occupy(GroupCommit<String, String> group) throws InterruptedException {
        call(group, GATE);
        gateReached.await();
    }

    @Test
    void a_lone_caller_commits_on_its_own_thread() {
        List<Thread> threads = new ArrayList<>();
        GroupCommit<String, String> group = over(commands -> {
            threads.add(Thread.currentThread());
            return write(commands);
        });
        assertThat(group.commit("a")).isEqualTo("a!");
        assertThat(group.commit("b")).isEqualTo("b!");
        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    @Test
    void callers_who_come_meanwhile_share_one_commit_in_the_order_of_their_coming() throws Exception {
        GroupCommit<String, String> group = over(this::write);
        occupy(group);
        List<Caller> waiting = List.of(queue(group, "a"), queue(group, "b"), queue(group, "c"));
        gate.countDown();
        for (Caller caller : waiting) {
            assertThat(caller.outcome.get(30, TimeUnit.SECONDS)).isIn("a!", "b!", "c!");
        }
        assertThat(groups).containsExactly(List.of(GATE), List.of("a", "b", "c"));
    }

    @Test
    void a_group_has_no_more_members_than_allowed() throws Exception {
        GroupCommit<String, String> group = new GroupCommit<>(this::write, 2, 100, LONG);
        occupy(group);
        for (String command : List.of("a", "b", "c", "d", "e")) {
            queue(group, command);
        }
        gate.countDown();
        joinEveryone();
        assertThat(groups).containsExactly(List.of(GATE), List.of("a", "b"), List.of("c", "d"), List.of("e"));
    }

    @Test
    void a_member_that_fails_leaves_its_neighbours_alone() throws Exception {
        GroupCommit<String, String> group = over(commands -> {
            List<Result<String>> results = new ArrayList<>(write(commands));
            results.replaceAll(result -> result.equals(new Result.Outcome<>("bad!"))
                    ? new Result.Failure<>(new IllegalArgumentException("bad"))
                    : result);
            return results;
        });
        occupy(group);
        Caller before = queue(group, "a");
        Caller bad = queue(group, "bad");
        Caller after = queue(group, "b");
        gate.countDown();
        assertThat(before.outcome.get(30, TimeUnit.SECONDS)).isEqualTo("a!");
        assertThat(after.outcome.get(30, TimeUnit.SECONDS)).isEqualTo("b!");
        assertThat(bad.failure()).isInstanceOf(IllegalArgumentException.class).hasMessage("bad");
    }

    @Test
    void a_poisonous_write_is_found_by_halving_and_fails_alone() throws Exception {
        GroupCommit<String, String> group = over(commands -> {
            if (commands.contains("poison")) {
                groups.add(List.copyOf(commands));
                throw new IllegalStateException("poison in " + commands);
            }
            return write(commands);
        });
        occupy(group);
        List<Caller> neighbours = new ArrayList<>();
        Caller poison = null;
        for (int i = 0; i < 9; i++) {
            if (i == 5) {
                poison = queue(group, "poison");
            } else {
                neighbours.add(queue(group, "n" + i));
            }
        }
        gate.countDown();
        for (Caller neighbour : neighbours) {
            assertThat(neighbour.outcome.get(30, TimeUnit.SECONDS)).endsWith("!");
        }
        assertThat(poison.failure()).hasMessage("poison in [poison]");
        assertThat(written).doesNotHaveDuplicates().hasSize(9).doesNotContain("poison");
    }

    @Test
    void an_unavailable_store_is_told_to_every_member_without_trying_them_apart() throws Exception {
        GroupCommit<String, String> group = over(commands -> {
            if (!commands.contains(GATE)) {
                groups.add(List.copyOf(commands));
                throw new StoreUnavailable("disk gone", null);
            }
            return write(commands);
        });
        occupy(group);
        List<Caller> waiting = List.of(queue(group, "a"), queue(group, "b"), queue(group, "c"));
        gate.countDown();
        List<Throwable> failures = new ArrayList<>();
        for (Caller caller : waiting) {
            failures.add(caller.failure());
        }
        assertThat(failures)
                .allSatisfy(failure ->
                        assertThat(failure).isInstanceOf(StoreUnavailable.class).hasMessage("disk gone"));
        assertThat(failures.get(0)).isNotSameAs(failures.get(1));
        assertThat(groups).containsExactly(List.of(GATE), List.of("a", "b", "c"));
    }

    @Test
    void whoever_runs_out_of_patience_leaves_and_is_never_written() throws Exception {
        GroupCommit<String, String> group = new GroupCommit<>(this::write, 100, 100, Duration.ofMillis(50));
        occupy(group);
        Caller impatient = call(group, "late");
        assertThat(impatient.failure()).isInstanceOf(StoreUnavailable.class).hasMessageContaining("50 ms");
        gate.countDown();
        assertThat(group.commit("next")).isEqualTo("next!");
        assertThat(written).containsExactly(GATE, "next");
    }

    @Test
    void who_is_part_of_a_group_waits_for_the_outcome_beyond_its_patience() throws Exception {
        CountDownLatch slowReached = new CountDownLatch(1);
        CountDownLatch slow = new CountDownLatch(1);
        GroupCommit<String, String> group = new GroupCommit<>(
                commands -> {
                    if (commands.contains("slow")) {
                        slowReached.countDown();
                        try {
                            slow.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                    return write(commands);
                },
                100,
                100,
                Duration.ofSeconds(3));
        occupy(group);
        Caller first = queue(group, "slow");
        Caller member = queue(group, "member");
        gate.countDown();
        slowReached.await();
        Thread.sleep(3_200);
        assertThat(member.outcome).isNotDone();
        slow.countDown();
        assertThat(first.outcome.get(30, TimeUnit.SECONDS)).isEqualTo("slow!");
        assertThat(member.outcome.get(30, TimeUnit.SECONDS)).isEqualTo("member!");
    }

    @Test
    void a_full_queue_refuses_at_once() throws Exception {
        GroupCommit<String, String> group = new GroupCommit<>(this::write, 100, 2, LONG);
        occupy(group);
        queue(group, "a");
        queue(group, "b");
        assertThatThrownBy(() -> group.commit("c"))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("2 appends are waiting");
        gate.countDown();
        joinEveryone();
        assertThat(written).containsExactly(GATE, "a", "b");
    }

    @Test
    void close_refuses_who_waits_and_who_comes_while_the_group_under_way_gets_its_outcome() throws Exception {
        GroupCommit<String, String> group = over(this::write);
        occupy(group);
        Caller waiting = queue(group, "a");
        group.close();
        group.close();
        assertThat(waiting.failure()).isInstanceOf(StoreClosed.class);
        assertThatThrownBy(() -> group.commit("b")).isInstanceOf(StoreClosed.class);
        gate.countDown();
        assertThat(callers.get(0).outcome.get(30, TimeUnit.SECONDS)).isEqualTo(GATE + "!");
        assertThat(written).containsExactly(GATE);
    }

    @Test
    void an_interrupted_caller_still_gets_its_outcome_and_stays_interrupted() throws Exception {
        GroupCommit<String, String> group = over(this::write);
        occupy(group);
        Caller leader = queue(group, "a");
        Caller member = queue(group, "b");
        member.thread.interrupt();
        Thread.sleep(20);
        assertThat(member.outcome).isNotDone();
        gate.countDown();
        assertThat(leader.outcome.get(30, TimeUnit.SECONDS)).isEqualTo("a!");
        assertThat(member.outcome.get(30, TimeUnit.SECONDS)).isEqualTo("b!");
        member.thread.join();
        assertThat(member.interruptedAfterwards).isTrue();
        assertThat(leader.interruptedAfterwards).isFalse();
    }

    @Test
    void a_committer_that_forgets_a_member_loses_nobody() throws Exception {
        GroupCommit<String, String> group = over(commands -> {
            List<Result<String>> results = write(commands);
            return commands.size() == 1 ? results : results.subList(1, results.size());
        });
        occupy(group);
        Caller first = queue(group, "a");
        Caller second = queue(group, "b");
        gate.countDown();
        assertThat(first.outcome.get(30, TimeUnit.SECONDS)).isEqualTo("a!");
        assertThat(second.outcome.get(30, TimeUnit.SECONDS)).isEqualTo("b!");
    }

    @Test
    void an_error_in_the_committer_ends_its_group_and_not_those_after_it() throws Exception {
        GroupCommit<String, String> group = over(commands -> {
            if (commands.contains("fatal")) {
                throw new StackOverflowError("fatal");
            }
            return write(commands);
        });
        occupy(group);
        Caller fatal = queue(group, "fatal");
        Caller member = queue(group, "b");
        gate.countDown();
        assertThat(fatal.failure()).hasMessageContaining("broken off").hasCauseInstanceOf(StackOverflowError.class);
        assertThat(member.failure()).isInstanceOf(IllegalStateException.class);
        assertThat(group.commit("c")).isEqualTo("c!");
    }

    @Test
    void many_threads_each_get_their_own_outcome_exactly_once() throws Exception {
        long seed = 20260101;
        AtomicInteger inside = new AtomicInteger();
        GroupCommit<String, String> group = new GroupCommit<>(
                commands -> {
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    try {
                        return hostile(commands);
                    } finally {
                        inside.decrementAndGet();
                    }
                },
                7,
                1_000,
                LONG);
        int threads = 16;
        int each = 400;
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int number = t;
            CompletableFuture<Void> end = new CompletableFuture<>();
            done.add(end);
            new Thread(() -> {
                        try {
                            commitMany(group, number, each, new Random(seed + number));
                            end.complete(null);
                        } catch (Throwable e) {
                            end.completeExceptionally(e);
                        }
                    })
                    .start();
        }
        for (CompletableFuture<Void> end : done) {
            end.get(50, TimeUnit.SECONDS);
        }
        long good =
                written.stream().filter(command -> !command.contains("fail")).count();
        assertThat(good).isEqualTo(answered.get());
    }

    private List<Result<String>> hostile(List<String> commands) {
        if (commands.stream().anyMatch(command -> command.contains("poison"))) {
            throw new IllegalStateException("poison among " + commands.size());
        }
        written.addAll(commands);
        Function<String, Result<String>> decide = command -> command.contains("fail")
                ? new Result.Failure<>(new IllegalArgumentException(command))
                : new Result.Outcome<>(command + "!");
        return commands.stream().map(decide).toList();
    }

    private void commitMany(GroupCommit<String, String> group, int thread, int count, Random random) {
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(10);
            String command = thread + "-" + i + (kind == 0 ? "poison" : kind == 1 ? "fail" : "");
            if (random.nextInt(20) == 0) {
                Thread.currentThread().interrupt();
            }
            if (kind == 0) {
                assertThatThrownBy(() -> group.commit(command)).hasMessage("poison among 1");
            } else if (kind == 1) {
                assertThatThrownBy(() -> group.commit(command)).hasMessage(command);
            } else {
                assertThat(group.commit(command)).isEqualTo(command + "!");
                assertThat(written.contains(command)).isTrue();
                answered.incrementAndGet();
            }
            Thread.interrupted();
        }
    }
}
