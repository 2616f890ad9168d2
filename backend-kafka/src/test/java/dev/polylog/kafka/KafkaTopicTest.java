package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.ExpectedVersion;
import dev.polylog.IncompatibleLayout;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.StreamRead;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A topic that would lose or reorder what was acknowledged is refused, naming every setting. */
class KafkaTopicTest {

    @RegisterExtension
    static final TestTopic TOPIC = new TestTopic();

    private void refused(Map<String, String> settings, String... told) throws Exception {
        TOPIC.another();
        TOPIC.make(1, settings);
        assertThatThrownBy(TOPIC::open)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContainingAll(told)
                .hasMessageContaining("kafka-configs.sh --alter");
    }

    @Test
    void every_setting_that_loses_records_is_named_with_its_value() throws Exception {
        refused(
                Map.of("cleanup.policy", "compact", "retention.ms", "1000", "retention.bytes", "7"),
                "cleanup.policy is compact; expected delete",
                "retention.ms is 1000; expected -1",
                "retention.bytes is 7; expected -1");
        refused(
                Map.of(
                        "unclean.leader.election.enable", "true",
                        "message.timestamp.type", "CreateTime",
                        "max.message.bytes", "1000"),
                "unclean.leader.election.enable is true",
                "message.timestamp.type is CreateTime",
                "max.message.bytes is 1000; expected " + KafkaTopic.mostBytes(TestTopic.LIMITS));
    }

    @Test
    void several_partitions_have_no_one_order() throws Exception {
        TOPIC.another();
        TOPIC.make(3, Map.of());
        assertThatThrownBy(TOPIC::open).isInstanceOf(IncompatibleLayout.class).hasMessageContaining("3 partitions");
    }

    @Test
    void one_replica_that_is_not_flushed_is_a_risk_to_be_named() throws Exception {
        refused(Map.of("flush.messages", "10000"), "flush.messages is 10000", "acceptUnflushed=true");
        KafkaBackend backend = TOPIC.open(
                TOPIC.config().risks(Set.of(KafkaConfig.Risk.UNFLUSHED)).build());
        assertThat(backend.traits().durability()).isEqualTo(Durability.VOLATILE);
    }

    @Test
    void replicas_need_two_in_sync_and_then_say_replicated() {
        Map<String, String> settings = new HashMap<>(KafkaTopic.wanted(TestTopic.LIMITS, 3));
        KafkaConfig config = TOPIC.config().build();
        KafkaTopic good = new KafkaTopic(Uuid.ONE_UUID, 3, 1, settings);
        assertThat(good.problems(config)).isEmpty();
        assertThat(KafkaTraits.of(config, good).durability()).isEqualTo(Durability.REPLICATED);
        settings.put("min.insync.replicas", "1");
        assertThat(new KafkaTopic(Uuid.ONE_UUID, 3, 1, settings).problems(config))
                .singleElement()
                .asString()
                .contains("min.insync.replicas is 1; expected 2 or more");
    }

    @Test
    void a_topic_that_is_made_here_is_fit_and_local_on_one_broker() {
        TOPIC.another();
        assertThat(TOPIC.open().traits().durability()).isEqualTo(Durability.LOCAL);
    }

    @Test
    void a_topic_with_other_records_is_no_log() throws Exception {
        TOPIC.another();
        TOPIC.make(1, Map.of());
        TOPIC.produce("hello".getBytes("UTF-8"));
        assertThatThrownBy(TOPIC::open)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("none of them begins a log");
    }

    @Test
    void a_topic_whose_beginning_was_deleted_is_refused() throws Exception {
        TOPIC.another();
        KafkaBackend backend = TOPIC.open();
        backend.append(TestTopic.append("s", ExpectedVersion.noStream(), TestTopic.event()));
        backend.close();
        try (Admin admin = TestTopic.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(TOPIC.name(), 0), RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
        }
        assertThatThrownBy(TOPIC::open)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("below offset 1 were deleted");
    }

    @Test
    void a_setting_that_is_changed_later_stops_appends_and_not_reads() throws Exception {
        TOPIC.another();
        KafkaBackend backend = TOPIC.open();
        backend.append(TestTopic.append("s", ExpectedVersion.noStream(), TestTopic.event()));
        alter("retention.ms", "60000000");
        // A record of another log makes everybody look at the topic.
        byte[] foreign = RecordCodec.write(new UUID(1, 1), new UUID(2, 2), new LogEntry.Barrier());
        RecordCodec.seal(foreign, 1, 1);
        TOPIC.produce(foreign);
        Awaitility.await()
                .untilAsserted(() -> assertThatThrownBy(
                                () -> backend.append(TestTopic.append("s", ExpectedVersion.any(), TestTopic.event())))
                        .isInstanceOf(StoreUnavailable.class)
                        .hasMessageContaining("retention.ms is 60000000"));
        assertThat(backend.readStream(StreamRead.forwards(StreamId.of("s"), 1, 10))
                        .events())
                .isNotEmpty();
        assertThat(backend.viewStatus().refusedRecords()).isEqualTo(1);
    }

    private static void alter(String name, String value) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC.name());
        try (Admin admin = TestTopic.admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            resource,
                            List.of(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }
}
