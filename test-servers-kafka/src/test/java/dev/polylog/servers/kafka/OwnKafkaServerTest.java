package dev.polylog.servers.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.servers.ServerState;
import dev.polylog.servers.proxy.FaultProxy;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** The broker is a real one, and can be mistreated. */
class OwnKafkaServerTest {

    @Test
    void what_was_acknowledged_is_there_after_kill_pause_and_stop_and_by_the_detour_too() throws Exception {
        var behind = KafkaDetour.freeAddress();
        try (FaultProxy proxy = FaultProxy.to(behind);
                OwnKafkaServer server = KafkaServers.own(KafkaDetour.through(behind, proxy))) {
            String topic = server.newTopic();
            try (Admin admin = Admin.create(Texts.client(server.address().toString()))) {
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(Map.of("flush.messages", "1"))))
                        .all()
                        .get();
            }
            Texts.produce(server.address().toString(), topic, "one");
            server.kill();
            assertThat(server.state()).isEqualTo(ServerState.STOPPED);
            server.restart();
            Texts.produce(server.address().toString(), topic, "two");
            server.pause();
            server.resume();
            server.stop();
            server.restart();
            Texts.produce(proxy.address().toString(), topic, "three");
            assertThat(Texts.read(proxy.address().toString(), topic, 3)).containsExactly("one", "two", "three");
            assertThat(proxy.traffic()).anyMatch(traffic -> traffic.toServer() > 0);
        }
    }
}
