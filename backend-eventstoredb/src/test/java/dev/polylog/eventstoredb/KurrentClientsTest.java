package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.polylog.StoreClosed;
import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import dev.polylog.spi.BackendUrl;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.ReadAllOptions;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that are given up again and again, while the server lives. */
class KurrentClientsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource
    void nothing_is_left_of_two_hundred_clients_that_were_given_up(KurrentClients.Use use) throws Exception {
        try (KurrentServer server = KurrentServers.own(KurrentVersion.V25_1)) {
            KurrentClients clients = new KurrentClients(KurrentConfig.parse(BackendUrl.parse(server.url())));
            long before = KurrentLog.clientThreads();
            for (int round = 0; round < 200; round++) {
                KurrentDBClient client = clients.get(use);
                assertThat(clients.get(use)).isSameAs(client);
                KurrentLog.await(client.readAll(
                        ReadAllOptions.get().backwards().fromEnd().maxCount(1)));
                clients.giveUp(use, client);
                // Others who noticed the same failure come later.
                KurrentDBClient next = clients.get(use);
                clients.giveUp(use, client);
                assertThat(next).isNotSameAs(client);
                assertThat(clients.get(use)).isSameAs(next);
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(KurrentLog.clientThreads()).isLessThanOrEqualTo(before + 1));
            clients.close(PATIENCE);
            assertThatThrownBy(() -> clients.get(use)).isInstanceOf(StoreClosed.class);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(KurrentLog.clientThreads()).isLessThanOrEqualTo(before));
        }
    }
}
