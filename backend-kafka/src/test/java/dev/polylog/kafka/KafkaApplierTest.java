package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.ExpectedVersion;
import dev.polylog.IncompatibleLayout;
import dev.polylog.LogDiverged;
import dev.polylog.kafka.KafkaApplier.Applied;
import dev.polylog.spi.AppendOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.Uuid;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The order in which records are decided, whichever side brings them first. */
@Timeout(60)
class KafkaApplierTest {

    private static final UUID OWN = new UUID(3, 4);
    private static final UUID OTHER = new UUID(5, 6);

    @TempDir
    private Path folder;

    private final Map<Long, Decision> decided = new ConcurrentHashMap<>();
    private final Map<Long, Thread> deciders = new ConcurrentHashMap<>();

    /** While it is held, whoever has decided something does not go on. */
    private final ReentrantLock goOn = new ReentrantLock();

    private KafkaView view;
    private KafkaApplier applier;
    private Thread thread;

    @BeforeEach
    void begin() throws Exception {
        ViewFolder claimed = ViewFolder.claim(folder.resolve("views"));
        ViewStore store = ViewStore.open(claimed.files(), claimed::condemn);
        view = new KafkaView(claimed, store, ViewMark.beginning(Uuid.ONE_UUID));
        applier = new KafkaApplier(view, new KafkaApplier.Listener() {
            @Override
            public void decided(List<Applied> batch) {
                batch.forEach(applied -> {
                    deciders.put(applied.record().offset(), Thread.currentThread());
                    decided.put(applied.record().offset(), applied.judged().decision());
                });
                goOn.lock();
                goOn.unlock();
            }

            @Override
            public void applied(List<Applied> batch) {}
        });
        thread = new Thread(applier, "applier");
        thread.start();
        applier.fetched(List.of(new LogRecord(0, 1_000, TestView.record(OTHER, 1, 1, new LogEntry.Founding()))), 1);
        awaitDecision(0);
    }

    @AfterEach
    void end() throws Exception {
        applier.stop();
        thread.join();
        view.close();
    }

    private static LogRecord append(long offset, UUID writer, long sequence) {
        byte[] record = TestView.record(
                writer,
                1,
                sequence,
                new LogEntry.Proposal(TestTopic.append("s", ExpectedVersion.noStream(), TestTopic.event()), List.of()));
        return new LogRecord(offset, 1_000 + offset, record);
    }

    private Decision awaitDecision(long offset) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> decided.get(offset), found -> found != null);
    }

    private AppendOutcome awaitOutcome(long offset) {
        return ((Decision.Append) awaitDecision(offset)).outcome();
    }

    @Test
    void an_acknowledged_record_is_decided_behind_what_somebody_else_wrote_before_it() throws Exception {
        applier.acknowledged(append(2, OWN, 1), false);
        applier.fetched(List.of(append(1, OTHER, 2)), 2);
        assertThat(awaitOutcome(1)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(awaitOutcome(2)).isInstanceOf(AppendOutcome.Conflict.class);
    }

    @Test
    void an_acknowledged_record_that_follows_needs_no_tail() {
        applier.acknowledged(append(1, OWN, 1), false);
        assertThat(awaitOutcome(1)).isInstanceOf(AppendOutcome.Appended.class);
        view.awaitNext(2, Deadline.in(Duration.ofSeconds(30)));
    }

    @Test
    void what_the_tail_brings_again_is_not_decided_again() throws Exception {
        LogRecord own = append(1, OWN, 1);
        applier.acknowledged(own, false);
        awaitDecision(1);
        applier.fetched(List.of(own, append(2, OTHER, 2)), 3);
        assertThat(awaitOutcome(2)).isInstanceOf(AppendOutcome.Conflict.class);
        assertThat(awaitOutcome(1)).isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void another_record_where_ours_was_acknowledged_means_that_the_log_has_diverged() throws Exception {
        applier.acknowledged(append(1, OWN, 1), false);
        view.awaitNext(2, Deadline.in(Duration.ofSeconds(30)));
        applier.fetched(List.of(append(1, OTHER, 2)), 2);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThatThrownBy(view::mark)
                        .isInstanceOf(LogDiverged.class)
                        .hasMessageContaining("another record at offset 1"));
    }

    @Test
    void a_record_that_is_alone_is_decided_and_in_the_view_when_its_acknowledgement_has_been_brought() {
        applier.acknowledged(append(1, OWN, 1), true);
        assertThat(decided).containsKey(1L);
        assertThat(deciders.get(1L)).isSameAs(Thread.currentThread());
        assertThat(view.mark().next()).isEqualTo(2);
    }

    @Test
    void a_record_that_is_alone_waits_for_what_somebody_else_wrote_before_it() throws Exception {
        applier.acknowledged(append(2, OWN, 1), true);
        assertThat(decided).doesNotContainKey(2L);
        applier.fetched(List.of(append(1, OTHER, 2)), 2);
        assertThat(awaitOutcome(1)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(awaitOutcome(2)).isInstanceOf(AppendOutcome.Conflict.class);
    }

    @Test
    void while_one_thread_applies_another_one_only_hands_over() throws Exception {
        LogRecord own = append(1, OWN, 1);
        goOn.lock();
        try {
            applier.fetched(List.of(own), 2);
            awaitDecision(1);
            applier.acknowledged(own, true);
            applier.acknowledged(append(2, OWN, 2), true);
            assertThat(decided).doesNotContainKey(2L);
        } finally {
            goOn.unlock();
        }
        assertThat(awaitOutcome(2)).isInstanceOf(AppendOutcome.Conflict.class);
        assertThat(deciders.get(1L)).isSameAs(thread);
        assertThat(deciders.get(2L)).isSameAs(thread);
    }

    @Test
    void the_end_waits_for_whoever_applies() throws Exception {
        CompletableFuture<Void> bringing;
        goOn.lock();
        try {
            bringing = CompletableFuture.runAsync(() -> applier.acknowledged(append(1, OWN, 1), true));
            awaitDecision(1);
            applier.stop();
            thread.join(50);
            assertThat(thread.isAlive()).isTrue();
        } finally {
            goOn.unlock();
        }
        bringing.get(30, TimeUnit.SECONDS);
        thread.join();
        assertThat(view.mark().next()).isEqualTo(2);
        applier.acknowledged(append(2, OWN, 2), true);
        assertThat(decided).doesNotContainKey(2L);
    }

    @Test
    void what_goes_wrong_at_an_acknowledgement_ends_the_view_and_is_not_thrown_at_who_brings_it() throws Exception {
        LogRecord newer = append(1, OWN, 1);
        newer.value()[4] = RecordCodec.RULES + 1;
        RecordCodec.seal(newer.value(), 1, 1);
        applier.acknowledged(newer, true);
        assertThatThrownBy(view::mark)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("version " + (RecordCodec.RULES + 1));
        assertThat(applier.fetched(List.of(append(1, OWN, 1)), 2)).isFalse();
        thread.join();
        assertThat(decided).doesNotContainKey(1L);
    }

    @Test
    void an_errand_is_done_by_the_thread_of_its_own() throws Exception {
        CompletableFuture<Thread> done = new CompletableFuture<>();
        applier.errand(() -> done.complete(Thread.currentThread()));
        assertThat(done.get(30, TimeUnit.SECONDS)).isSameAs(thread);
    }
}
