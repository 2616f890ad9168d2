package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.LogDiverged;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.rocksdb.WriteBatch;

/** A view that is gone, damaged, old, or of another log is right in the end, or refused with a reason. */
class KafkaViewTest {

    @RegisterExtension
    static final TestTopic TOPIC = new TestTopic();

    private static final int EVENTS = 200;

    private List<RecordedEvent> events;
    private LogStatus status;

    @BeforeEach
    void makeALog() {
        TOPIC.another();
        try (KafkaBackend backend = KafkaBackend.open(TOPIC.config().build())) {
            for (int i = 0; i < EVENTS / 10; i++) {
                EventData[] batch = new EventData[10];
                for (int k = 0; k < batch.length; k++) {
                    batch[k] = EventData.json("Tested", "{\"text\":\"" + "x".repeat(300) + "\"}");
                }
                backend.append(TestTopic.append("s-" + i, ExpectedVersion.noStream(), batch));
            }
            events = all(backend);
            status = backend.status();
        }
        assertThat(events).hasSize(EVENTS);
    }

    private static List<RecordedEvent> all(KafkaBackend backend) {
        return backend.readAll(LogRead.after(Position.START, 100_000)).events();
    }

    private static Path view(int number) {
        return TOPIC.views().resolve(TOPIC.name()).resolve(String.valueOf(number));
    }

    private void requireTheSameLog() {
        KafkaBackend backend = TOPIC.open();
        assertThat(all(backend)).isEqualTo(events);
        assertThat(backend.status()).isEqualTo(status);
        backend.close();
    }

    @Test
    void a_view_that_was_deleted_is_made_anew() {
        TestTopic.remove(view(0));
        requireTheSameLog();
    }

    @Test
    void a_view_that_is_older_than_the_log_catches_up() throws IOException {
        Path copy = TOPIC.views().resolve("copy-" + TOPIC.name());
        copy(view(0), copy);
        KafkaBackend backend = TOPIC.open();
        backend.append(TestTopic.append("later", ExpectedVersion.noStream(), TestTopic.event()));
        events = all(backend);
        status = backend.status();
        backend.close();
        TestTopic.remove(view(0));
        copy(copy, view(0));
        requireTheSameLog();
    }

    @Test
    void a_flipped_byte_anywhere_in_the_view_is_noticed_or_harmless() throws IOException {
        persist();
        List<Path> files;
        try (Stream<Path> paths = Files.walk(view(0).resolve("files"))) {
            files = paths.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".sst")
                            || file.getFileName().toString().startsWith("MANIFEST")
                            || file.getFileName().toString().equals("CURRENT"))
                    .toList();
        }
        assertThat(files).anyMatch(file -> file.toString().endsWith(".sst")).hasSizeGreaterThan(2);
        int noticed = 0;
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            for (int part = 1; part < 4; part++) {
                byte[] flipped = bytes.clone();
                flipped[bytes.length * part / 4] ^= 0x20;
                Path saved = TOPIC.views().resolve("saved-" + TOPIC.name());
                copy(view(0), saved);
                Files.write(file, flipped);
                noticed += readsRightOrSaysWhy() ? 0 : 1;
                TestTopic.remove(view(0));
                copy(saved, view(0));
                TestTopic.remove(saved);
            }
        }
        assertThat(noticed)
                .as("flips that made a read fail before the view was made anew")
                .isPositive();
    }

    /** Makes sure that the view lies in files of its own and not in memory that is read again from the topic. */
    private void persist() {
        KafkaBackend backend = TOPIC.open();
        for (int i = 0; i < 60; i++) {
            EventData[] batch = new EventData[100];
            for (int k = 0; k < batch.length; k++) {
                batch[k] = TestTopic.event();
            }
            backend.append(TestTopic.append("big-" + i, ExpectedVersion.noStream(), batch));
        }
        events = all(backend);
        status = backend.status();
        backend.close();
        requireTheSameLog();
    }

    /** Whether everything was right at once; where it was not, it must be so after opening again. */
    private boolean readsRightOrSaysWhy() {
        KafkaBackend backend = TOPIC.open();
        try {
            assertThat(all(backend)).isEqualTo(events);
            return true;
        } catch (StoreUnavailable e) {
            assertThat(e).hasMessageContaining("damaged").hasMessageContaining("open it again");
            return false;
        } finally {
            backend.close();
            requireTheSameLog();
        }
    }

    @Test
    void a_view_of_a_topic_that_was_made_anew_is_given_up_for_another_log() throws Exception {
        remake();
        KafkaBackend backend = TOPIC.open();
        assertThat(all(backend)).isEmpty();
        assertThat(backend.status().logId()).isNotEqualTo(status.logId());
    }

    @Test
    void a_topic_that_is_made_anew_while_it_is_open_is_noticed() throws Exception {
        KafkaBackend backend = TOPIC.open();
        remake();
        KafkaBackend.open(TOPIC.config().build()).close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThatThrownBy(() -> all(backend))
                        .isInstanceOf(LogDiverged.class)
                        .hasMessageContaining("open it again"));
    }

    @Test
    void a_log_that_has_another_record_where_the_view_ended_has_lost_its_tail_and_gets_another_epoch()
            throws Exception {
        persist();
        // The same view over a log that another record ends: as after a failover that lost the tail.
        ViewStore store = ViewStore.open(view(0).resolve("files"), () -> {});
        ViewMark mark = new ViewRows(store).mark();
        ViewMark other = new ViewMark(
                mark.topicId(),
                mark.logId(),
                mark.next(),
                mark.lastOffset(),
                mark.lastChecksum() + 1,
                mark.head(),
                mark.divergences(),
                mark.refused(),
                mark.hash());
        change(store, other);
        KafkaBackend backend = TOPIC.open();
        assertThat(all(backend)).isEqualTo(events);
        assertThat(backend.status().logId()).isEqualTo(status.logId());
        assertThat(backend.status().epoch()).isNotEqualTo(status.epoch());
    }

    @Test
    void a_view_that_has_read_further_than_the_log_goes_is_made_anew_in_another_epoch() throws Exception {
        persist();
        ViewStore store = ViewStore.open(view(0).resolve("files"), () -> {});
        ViewMark mark = new ViewRows(store).mark();
        ViewMark ahead = new ViewMark(
                mark.topicId(),
                mark.logId(),
                mark.next() + 1_000,
                mark.lastOffset() + 1_000,
                mark.lastChecksum(),
                mark.head(),
                mark.divergences(),
                mark.refused(),
                mark.hash());
        change(store, ahead);
        KafkaBackend backend = TOPIC.open();
        assertThat(all(backend)).isEqualTo(events);
        assertThat(backend.status().epoch()).isNotEqualTo(status.epoch());
    }

    private static void change(ViewStore store, ViewMark mark) throws Exception {
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(ViewKeys.MARK, mark.bytes());
            store.write(batch);
            store.flush();
        }
        store.close();
    }

    private static void remake() throws Exception {
        try (Admin admin = TestTopic.admin()) {
            admin.deleteTopics(List.of(TOPIC.name())).all().get();
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            try (Admin admin = TestTopic.admin()) {
                return !admin.listTopics().names().get().contains(TOPIC.name());
            }
        });
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
