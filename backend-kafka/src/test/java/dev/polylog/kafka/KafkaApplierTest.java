package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.ExpectedVersion;
import dev.polylog.LogDiverged;
import dev.polylog.kafka.KafkaApplier.Applied;
import dev.polylog.spi.AppendOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
                batch.forEach(applied ->
                        decided.put(applied.record().offset(), applied.judged().decision()));
            }

            @Override
            public void applied(List<Applied> batch) {}
        });
        thread = new Thread(applier, "applier");
        thread.start();
        applier.fetched(List.of(new LogRecord(0, 0, 1_000, TestView.record(OTHER, 1, 1, new LogEntry.Founding()))), 1);
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
        return new LogRecord(offset, 0, 1_000 + offset, record);
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
        applier.acknowledged(append(2, OWN, 1));
        applier.fetched(List.of(append(1, OTHER, 2)), 2);
        assertThat(awaitOutcome(1)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(awaitOutcome(2)).isInstanceOf(AppendOutcome.Conflict.class);
    }

    @Test
    void an_acknowledged_record_that_follows_needs_no_tail() {
        applier.acknowledged(append(1, OWN, 1));
        assertThat(awaitOutcome(1)).isInstanceOf(AppendOutcome.Appended.class);
        view.awaitNext(2, Deadline.in(Duration.ofSeconds(30)));
    }

    @Test
    void what_the_tail_brings_again_is_not_decided_again() throws Exception {
        LogRecord own = append(1, OWN, 1);
        applier.acknowledged(own);
        awaitDecision(1);
        applier.fetched(List.of(own, append(2, OTHER, 2)), 3);
        assertThat(awaitOutcome(2)).isInstanceOf(AppendOutcome.Conflict.class);
        assertThat(awaitOutcome(1)).isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void another_record_where_ours_was_acknowledged_means_that_the_log_has_diverged() throws Exception {
        applier.acknowledged(append(1, OWN, 1));
        view.awaitNext(2, Deadline.in(Duration.ofSeconds(30)));
        applier.fetched(List.of(append(1, OTHER, 2)), 2);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThatThrownBy(view::mark)
                        .isInstanceOf(LogDiverged.class)
                        .hasMessageContaining("another record at offset 1"));
    }
}
