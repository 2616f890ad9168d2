package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.kafka.KafkaDetour;
import dev.polylog.servers.kafka.KafkaServers;
import dev.polylog.servers.kafka.OwnKafkaServer;
import dev.polylog.servers.proxy.Ending;
import dev.polylog.servers.proxy.FaultPlan;
import dev.polylog.servers.proxy.FaultProxy;
import dev.polylog.servers.proxy.Faults;
import dev.polylog.tck.faults.HarmedAppends;
import dev.polylog.tck.faults.SureAppend;
import dev.polylog.tck.faults.Told;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to the broker are cut at random bytes, or swallow everything: the outcome is always what became of it. */
class KafkaCutTest {

    private static final int CUTS = 60;
    private static final int WITHIN_BYTES = 1_200;

    @TempDir
    private Path views;

    private FaultProxy proxy;
    private HarmedAppends appends;

    @Test
    void the_outcome_is_true_wherever_connections_are_cut_and_where_nobody_answers() throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        Random random = new Random(seed);
        ServerAddress behind = KafkaDetour.freeAddress();
        proxy = FaultProxy.to(behind);
        try (FaultProxy closing = proxy;
                OwnKafkaServer server = KafkaServers.own(KafkaDetour.through(behind, proxy))) {
            String topic = server.newTopic();
            try (KafkaBackend direct = KafkaBackend.open(config(server.address(), topic));
                    KafkaBackend proxied = KafkaBackend.open(config(closing.address(), topic))) {
                appends = new HarmedAppends(direct, proxied, this::resolve);
                for (int i = 0; i < CUTS; i++) {
                    Ending ending = random.nextBoolean() ? Ending.RESET : Ending.CLOSE;
                    Faults cut = Faults.none().cut(random.nextInt(WITHIN_BYTES), ending);
                    cut(i % 2 == 0 ? FaultPlan.toServer(cut) : FaultPlan.toClient(cut), seed);
                }
                for (int i = 0; i < 3; i++) {
                    cut(FaultPlan.toClient(Faults.none().cut(0, Ending.BLACK_HOLE)), seed);
                    cut(FaultPlan.toServer(Faults.none().cut(0, Ending.BLACK_HOLE)), seed);
                }
                assertThat(appends.told().keySet()).as("appends in doubt").anyMatch(Told::doubted);
            }
        }
    }

    private KafkaConfig config(ServerAddress address, String topic) {
        return KafkaConfig.builder(List.of(address.toString()), topic)
                .views(views)
                .limits(TestTopic.LIMITS)
                .timeout(Duration.ofSeconds(1))
                .build();
    }

    /** The connection that was cut is being made anew meanwhile, so it may have to ask again. */
    private Optional<AppendResult> resolve(AppendOutcomeUnknown unknown) {
        proxy.plan(FaultPlan.none());
        return SureAppend.resolve(unknown);
    }

    private void cut(FaultPlan plan, long seed) {
        proxy.plan(plan);
        appends.append();
        proxy.plan(FaultPlan.none());
        appends.verify(plan + ", seed " + seed);
    }
}
