package dev.polylog.kafka;

import dev.polylog.servers.ServerState;
import dev.polylog.servers.kafka.KafkaCluster;
import dev.polylog.servers.kafka.KafkaServers;
import dev.polylog.servers.kafka.OwnKafkaServer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A cluster of three brokers for a test class and all that is nested in it; every test finds all of them running. */
final class TestCluster implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private @Nullable KafkaCluster cluster;

    synchronized KafkaCluster cluster() {
        return Objects.requireNonNull(cluster, "the cluster is there while the class that has it is run");
    }

    @Override
    public synchronized void beforeAll(ExtensionContext context) {
        if (cluster == null) {
            cluster = KafkaServers.cluster();
        }
    }

    /** What a test that failed has left stopped or paused runs again. */
    @Override
    public synchronized void afterEach(ExtensionContext context) {
        List<OwnKafkaServer> brokers = cluster().brokers();
        brokers.stream().filter(broker -> broker.state() == ServerState.PAUSED).forEach(OwnKafkaServer::resume);
        brokers.stream().filter(broker -> broker.state() == ServerState.STOPPED).forEach(OwnKafkaServer::restart);
    }

    @Override
    public synchronized void afterAll(ExtensionContext context) {
        boolean nested = context.getRequiredTestClass().getEnclosingClass() != null;
        if (!nested) {
            cluster().close();
            cluster = null;
        }
    }
}
