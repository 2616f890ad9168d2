package dev.polylog.kafka;

import static dev.polylog.kafka.KafkaClusterTest.CLUSTER;
import static dev.polylog.kafka.KafkaClusterTest.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.servers.kafka.OwnKafkaServer;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.tck.faults.SureAppend;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Two of three brokers are gone: nothing is acknowledged until there are two again (rules, F-02). */
abstract class ClusterLossChecks {

    private static final int TRIES = 3;

    @Test
    void one_broker_of_three_acknowledges_nothing_and_everything_goes_on_when_the_others_are_back() {
        TOPIC.another();
        KafkaConfig config = TOPIC.config().timeout(Duration.ofSeconds(2)).build();
        KafkaBackend one = TOPIC.open(config);
        KafkaBackend two = TOPIC.open(config);
        one.append(TestTopic.append("s", ExpectedVersion.noStream(), TestTopic.event()));
        OwnKafkaServer leader = CLUSTER.cluster().leader(TOPIC.name(), 0);
        List<OwnKafkaServer> others = CLUSTER.cluster().brokers().stream()
                .filter(broker -> broker != leader)
                .toList();
        others.forEach(OwnKafkaServer::kill);
        Map<UUID, Optional<AppendOutcomeUnknown>> tried = new HashMap<>();
        for (int i = 0; i < TRIES; i++) {
            EventData event = TestTopic.event();
            tried.put(event.id(), notAcknowledged(one, event));
        }
        assertThat(tried.values())
                .as("appends that the one broker has, or may have")
                .anyMatch(Optional::isPresent);
        assertThatThrownBy(two::status).isInstanceOf(StoreUnavailable.class);
        others.forEach(OwnKafkaServer::restart);

        Map<UUID, Boolean> told = new HashMap<>();
        tried.forEach((id, unknown) ->
                told.put(id, unknown.flatMap(SureAppend::resolve).isPresent()));
        for (LogBackend backend : List.of(one, two)) {
            goesOn(backend);
            List<UUID> log = ids(backend);
            told.forEach((id, appended) ->
                    assertThat(log.contains(id)).as("event %s", id).isEqualTo(appended));
        }
        CLUSTER.cluster().awaitInSync(TOPIC.name(), 0);
    }

    private static Optional<AppendOutcomeUnknown> notAcknowledged(LogBackend backend, EventData event) {
        try {
            AppendOutcome outcome = backend.append(TestTopic.append("s", ExpectedVersion.any(), event));
            throw new AssertionError("one broker of three has acknowledged: " + outcome);
        } catch (StoreUnavailable refused) {
            return Optional.empty();
        } catch (AppendOutcomeUnknown unknown) {
            return Optional.of(unknown);
        }
    }

    /** By itself, with neither backend opened again. */
    private static void goesOn(LogBackend backend) {
        EventData event = TestTopic.event();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> SureAppend.append(backend, TestTopic.append("s", ExpectedVersion.any(), event))
                        .written());
        assertThat(ids(backend)).containsOnlyOnce(event.id());
    }

    private static List<UUID> ids(LogBackend backend) {
        return EventStore.over(backend).readAll().toList().stream()
                .map(RecordedEvent::id)
                .toList();
    }
}
