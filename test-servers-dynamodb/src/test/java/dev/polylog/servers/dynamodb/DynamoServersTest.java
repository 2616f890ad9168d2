package dev.polylog.servers.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.servers.ProcessServer;
import dev.polylog.servers.ServerFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

class DynamoServersTest {

    @Test
    void a_server_answers_dies_when_killed_and_answers_again_at_the_same_address() {
        try (OwnDynamoServer server = DynamoServers.own()) {
            var address = server.address();
            assertThat(HttpAnswer.from(server.endpoint())).isTrue();
            List<Long> ids = server instanceof ProcessServer process ? process.ids() : List.of();
            server.kill();
            assertThat(ids).allMatch(ProcessServer::gone);
            assertThat(HttpAnswer.from(server.endpoint())).isFalse();
            server.restart();
            assertThat(server.address()).isEqualTo(address);
            assertThat(HttpAnswer.from(server.endpoint())).isTrue();
        }
    }

    @Test
    void an_address_that_is_none_is_refused() {
        System.setProperty("polylog.servers", "podman");
        try {
            assertThatThrownBy(DynamoServers::own)
                    .isInstanceOf(ServerFailure.class)
                    .hasMessageContaining("podman")
                    .hasMessageContaining("docker");
        } finally {
            System.clearProperty("polylog.servers");
        }
    }
}
