package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.StoreClosed;
import dev.polylog.spi.support.GroupCommit.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is expected is waited for: here for as long as the test takes, or not at all. */
@Timeout(60)
class GroupCommitTurnoutTest {

    private static final Duration LONG = Duration.ofSeconds(50);

    private final BlockingQueue<List<String>> begun = new LinkedBlockingQueue<>();
    private final Semaphore mayEnd = new Semaphore(0);

    private List<Result<String>> commit(List<String> group) {
        begun.add(List.copyOf(group));
        mayEnd.acquireUninterruptibly();
        return group.stream()
                .<Result<String>>map(command -> new Result.Outcome<>(command + "!"))
                .toList();
    }

    private GroupCommit<String, String> waiting(Duration worth) {
        return new GroupCommit<>((group, more) -> commit(group), 3, 100, LONG, new Turnout(3, took -> worth));
    }

    private List<String> nextGroup() throws InterruptedException {
        List<String> group = begun.poll(30, TimeUnit.SECONDS);
        assertThat(group).as("a group that is committed").isNotNull();
        return group;
    }

    private static CompletableFuture<String> call(GroupCommit<String, String> group, String command) {
        return call(group, command, new AtomicReference<>());
    }

    private static CompletableFuture<String> call(
            GroupCommit<String, String> group, String command, AtomicReference<Thread> where) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                outcome.complete(group.commit(command));
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        where.set(thread);
        thread.start();
        return outcome;
    }

    /** Calls, and returns when the caller is parked in the queue. */
    private static CompletableFuture<String> queue(GroupCommit<String, String> group, String command) {
        AtomicReference<Thread> where = new AtomicReference<>();
        CompletableFuture<String> outcome = call(group, command, where);
        while (LockSupport.getBlocker(where.get()) != group && where.get().isAlive()) {
            LockSupport.parkNanos(100_000);
        }
        return outcome;
    }

    @Test
    void a_group_waits_for_those_whom_the_last_one_let_go() throws Exception {
        GroupCommit<String, String> group = waiting(LONG);
        CompletableFuture<String> first = call(group, "a1");
        assertThat(nextGroup()).containsExactly("a1");
        CompletableFuture<String> second = queue(group, "b1");
        mayEnd.release();
        assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("a1!");

        assertThat(begun.poll(200, TimeUnit.MILLISECONDS))
                .as("a group of one half")
                .isNull();
        CompletableFuture<String> third = call(group, "a2");

        assertThat(nextGroup()).containsExactly("b1", "a2");
        mayEnd.release();
        assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("b1!");
        assertThat(third.get(30, TimeUnit.SECONDS)).isEqualTo("a2!");
    }

    @Test
    void who_does_not_come_back_holds_nobody_up_for_long() throws Exception {
        GroupCommit<String, String> group = waiting(Duration.ofMillis(20));
        CompletableFuture<String> first = call(group, "a1");
        assertThat(nextGroup()).containsExactly("a1");
        CompletableFuture<String> second = queue(group, "b1");
        mayEnd.release(2);

        assertThat(nextGroup()).containsExactly("b1");
        assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo("a1!");
        assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("b1!");
    }

    @Test
    void a_group_that_is_full_waits_for_nobody() throws Exception {
        GroupCommit<String, String> group = waiting(LONG);
        call(group, "a");
        assertThat(nextGroup()).containsExactly("a");
        queue(group, "b");
        queue(group, "c");
        queue(group, "d");
        queue(group, "e");
        mayEnd.release();

        assertThat(nextGroup()).containsExactly("b", "c", "d");
        queue(group, "f");
        queue(group, "g");
        mayEnd.release();

        assertThat(nextGroup()).containsExactly("e", "f", "g");
        mayEnd.release();
    }

    @Test
    void closing_ends_a_wait_and_the_group_gets_its_outcome() throws Exception {
        GroupCommit<String, String> group = waiting(LONG);
        call(group, "a1");
        assertThat(nextGroup()).containsExactly("a1");
        CompletableFuture<String> second = queue(group, "b1");
        mayEnd.release();
        assertThat(begun.poll(200, TimeUnit.MILLISECONDS))
                .as("a group of one half")
                .isNull();

        group.close();

        assertThat(nextGroup()).containsExactly("b1");
        mayEnd.release();
        assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo("b1!");
        assertThatThrownBy(() -> group.commit("late")).isInstanceOf(StoreClosed.class);
    }

    @Test
    void an_interrupted_leader_waits_no_longer_and_stays_interrupted() throws Exception {
        GroupCommit<String, String> group = waiting(LONG);
        call(group, "a1");
        assertThat(nextGroup()).containsExactly("a1");
        CompletableFuture<Boolean> interruptedAfterwards = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            group.commit("b1");
            interruptedAfterwards.complete(Thread.currentThread().isInterrupted());
        });
        thread.start();
        while (LockSupport.getBlocker(thread) != group && thread.isAlive()) {
            LockSupport.parkNanos(100_000);
        }
        mayEnd.release(2);
        assertThat(begun.poll(200, TimeUnit.MILLISECONDS))
                .as("a group of one half")
                .isNull();

        thread.interrupt();

        assertThat(nextGroup()).containsExactly("b1");
        assertThat(interruptedAfterwards.get(30, TimeUnit.SECONDS)).isTrue();
    }
}
