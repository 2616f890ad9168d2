package dev.polylog.servers.kurrentdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.kurrent.dbclient.AppendToStreamOptions;
import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.KurrentDBConnectionString;
import io.kurrent.dbclient.ReadStreamOptions;
import io.kurrent.dbclient.ResolvedEvent;
import io.kurrent.dbclient.StreamState;
import io.kurrent.dbclient.SubscribeToAllOptions;
import io.kurrent.dbclient.Subscription;
import io.kurrent.dbclient.SubscriptionListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What only a server of our own can be made to do. */
class KurrentServerTest {

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static KurrentDBClient client(KurrentServer server) {
        return KurrentDBClient.create(KurrentDBConnectionString.parseOrThrow(server.url()));
    }

    private static void append(KurrentServer server, StreamState expected) throws Exception {
        KurrentDBClient client = client(server);
        try {
            EventData event =
                    EventData.builderAsJson("Tested", new byte[] {'{', '}'}).build();
            await(client.appendToStream("a", AppendToStreamOptions.get().streamState(expected), event));
        } finally {
            await(client.shutdown());
        }
    }

    @Test
    void who_was_subscribed_when_it_was_killed_does_not_hinder_it_afterwards() throws Exception {
        try (KurrentServer server = KurrentServers.own(KurrentVersion.V25_1)) {
            append(server, StreamState.noStream());
            for (int round = 0; round < 10; round++) {
                KurrentDBClient subscriber = client(server);
                CompletableFuture<Void> heard = new CompletableFuture<>();
                await(subscriber.subscribeToAll(
                        new SubscriptionListener() {

                            @Override
                            public void onEvent(Subscription subscription, ResolvedEvent event) {
                                heard.complete(null);
                            }
                        },
                        SubscribeToAllOptions.get().fromStart()));
                await(heard);
                server.kill();
                server.restart();
                append(server, StreamState.streamRevision(round));
                await(subscriber.shutdown());
            }
            KurrentDBClient reader = client(server);
            assertThat(await(reader.readStream(
                                    "a", ReadStreamOptions.get().backwards().fromEnd()))
                            .getEvents())
                    .hasSize(11);
            await(reader.shutdown());
        }
    }
}
