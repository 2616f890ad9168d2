package dev.polylog.servers.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.servers.ProcessServer;
import dev.polylog.servers.ServerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** Three real brokers, of which each can be mistreated, replace one another. */
class KafkaClusterTest {

    @Test
    void another_broker_leads_when_the_leader_is_killed_or_paused_and_what_was_acknowledged_is_there()
            throws Exception {
        List<Long> processes = new ArrayList<>();
        try (KafkaCluster cluster = KafkaServers.cluster()) {
            cluster.brokers().forEach(broker -> processes.addAll(((ProcessServer) broker).ids()));
            assertThat(processes).hasSizeGreaterThanOrEqualTo(3);
            String topic = cluster.newTopic();
            try (Admin admin = Admin.create(Texts.client(cluster.bootstrap()))) {
                admin.createTopics(
                                List.of(new NewTopic(topic, 1, (short) 3).configs(Map.of("min.insync.replicas", "2"))))
                        .all()
                        .get();
            }
            Texts.produce(cluster.bootstrap(), topic, "one");
            OwnKafkaServer killed = cluster.leader(topic, 0);
            killed.kill();
            OwnKafkaServer second = cluster.leader(topic, 0);
            assertThat(second).isNotSameAs(killed);
            Texts.produce(cluster.bootstrap(), topic, "two");
            killed.restart();
            cluster.awaitInSync(topic, 0);

            OwnKafkaServer paused = cluster.leader(topic, 0);
            paused.pause();
            assertThat(cluster.leader(topic, 0)).isNotSameAs(paused);
            Texts.produce(cluster.bootstrap(), topic, "three");
            paused.resume();
            cluster.awaitInSync(topic, 0);
            assertThat(Texts.read(cluster.bootstrap(), topic, 3)).containsExactly("one", "two", "three");
            assertThat(cluster.brokers()).allMatch(broker -> broker.state() == ServerState.RUNNING);
        }
        assertThat(processes).allMatch(ProcessServer::gone);
    }
}
