package dev.polylog.kafka;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Three brokers, three replicas, two of them in sync: what becomes of a log when brokers fail. {@link KafkaClusterTckTest} has
 * the compatibility kit.
 */
class KafkaClusterTest {

    @RegisterExtension
    @Order(1)
    static final TestCluster CLUSTER = new TestCluster();

    @RegisterExtension
    @Order(2)
    static final TestTopic TOPIC = new TestTopic(CLUSTER::cluster);

    @Nested
    class Topics extends ClusterTopicChecks {}

    @Nested
    class Leaders extends ClusterLeaderChecks {}

    @Nested
    class Losses extends ClusterLossChecks {}
}
