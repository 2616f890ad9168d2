package dev.polylog.kafka;

import static dev.polylog.kafka.KafkaClusterTest.CLUSTER;
import static dev.polylog.kafka.KafkaClusterTest.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.IncompatibleLayout;
import dev.polylog.StoreUnavailable;
import dev.polylog.servers.kafka.OwnKafkaServer;
import dev.polylog.spi.BackendTraits.Durability;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The topic on a cluster: made with three replicas, and refused where a replica could be all that has an event. */
abstract class ClusterTopicChecks {

    @BeforeEach
    void anotherTopic() {
        TOPIC.another();
    }

    @Test
    void a_topic_that_is_made_here_has_three_replicas_of_which_two_must_be_in_sync() throws Exception {
        requireThreeReplicas(TOPIC.open());
    }

    @Test
    void a_topic_that_is_made_while_a_broker_is_away_has_three_replicas_too() throws Exception {
        OwnKafkaServer away = CLUSTER.cluster().brokers().get(0);
        away.stop();
        requireThreeReplicas(TOPIC.open());
        away.restart();
        CLUSTER.cluster().awaitInSync(TOPIC.name(), 0);
    }

    private static void requireThreeReplicas(KafkaBackend backend) throws Exception {
        assertThat(backend.traits().durability()).isEqualTo(Durability.REPLICATED);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC.name());
        try (Admin admin = Admin.create(TOPIC.client())) {
            TopicDescription topic = admin.describeTopics(List.of(TOPIC.name()))
                    .allTopicNames()
                    .get()
                    .get(TOPIC.name());
            Config settings =
                    admin.describeConfigs(List.of(resource)).all().get().get(resource);
            assertThat(topic.partitions())
                    .singleElement()
                    .satisfies(partition -> assertThat(partition.replicas()).hasSize(3));
            assertThat(settings.get("min.insync.replicas").value()).isEqualTo("2");
            assertThat(settings.get("unclean.leader.election.enable").value()).isEqualTo("false");
        }
    }

    @Test
    void an_unclean_leader_is_refused() throws Exception {
        refused(3, Map.of("unclean.leader.election.enable", "true"), "unclean.leader.election.enable is true");
    }

    @Test
    void an_acknowledgement_by_one_replica_is_refused() throws Exception {
        refused(3, Map.of("min.insync.replicas", "1"), "min.insync.replicas is 1; expected 2 or more");
    }

    @Test
    void a_topic_with_fewer_replicas_than_asked_for_is_refused() throws Exception {
        refused(2, Map.of(), "the topic has 2 replica(s), and 3 are asked for");
    }

    @Test
    void more_replicas_than_there_are_brokers_are_not_to_be_had() {
        assertThatThrownBy(() -> TOPIC.open(TOPIC.config().replicas(4).build()))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining(TOPIC.name())
                .hasMessageContaining("replication factor");
    }

    private static void refused(int replicas, Map<String, String> settings, String told) throws Exception {
        TOPIC.make(1, replicas, settings);
        assertThatThrownBy(() -> TOPIC.open(TOPIC.config().replicas(3).build()))
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining(told);
    }
}
