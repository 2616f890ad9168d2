package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.kafka.GuardedKafka;
import dev.polylog.servers.kafka.KafkaGate;
import dev.polylog.servers.kafka.KafkaServers;
import java.nio.file.Path;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By TLS and with log-ins, as URLs ask for them; who is not trusted is not talked to. */
@Timeout(120)
class KafkaGuardedTest {

    private static final StreamId STREAM = StreamId.of("guarded");

    private static GuardedKafka kafka;

    @TempDir
    private Path views;

    @BeforeAll
    static void start() {
        kafka = KafkaServers.guarded();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static KafkaGate gate() {
        return kafka.gate();
    }

    private String url(String logIn, ServerAddress broker, String options) {
        return "kafka://" + logIn + broker + "/" + kafka.broker().newTopic() + "?connectTimeout=5s&view=" + views + "&"
                + options;
    }

    private static String trusted() {
        return "tls=true&ssl.truststore.type=PEM&ssl.truststore.location="
                + gate().certificate().certificate();
    }

    private static String user(String password) {
        return gate().user() + ":" + password + "@";
    }

    private static void appendAndRead(String url) {
        EventData event = TestTopic.event();
        try (EventStore store = EventStore.open(url)) {
            store.append(STREAM, ExpectedVersion.noStream(), event);
            assertThat(store.readStream(STREAM)).extracting(RecordedEvent::id).containsExactly(event.id());
        }
    }

    /** Refused, and whatever is said or logged of it holds no password. */
    private static void requireRefused(String url, String reason) {
        assertThatThrownBy(() -> EventStore.open(url))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining(reason)
                .satisfies(
                        failure -> assertThat(Throwables.getStackTrace(failure)).doesNotContain(gate().password()));
    }

    @Test
    void a_broker_that_is_trusted_is_talked_to_by_tls() {
        appendAndRead(url("", gate().tls(), trusted()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "scram-sha-256", "scram-sha-512"})
    void who_logs_in_appends_and_reads(String mechanism) {
        appendAndRead(url(user(gate().password()), gate().logIn(), trusted() + "&sasl=" + mechanism));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "scram-sha-512"})
    void a_wrong_password_is_told_and_not_shown(String mechanism) {
        String wrong = "wr0ng" + gate().password();
        requireRefused(url(user(wrong), gate().logIn(), trusted() + "&sasl=" + mechanism), "log-in");
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused() {
        requireRefused(url("", gate().tls(), "tls=true"), "ssl.truststore.location");
        requireRefused(url(user(gate().password()), gate().logIn(), "tls=true&sasl=plain"), "ssl.truststore.location");
    }

    @Test
    void a_certificate_of_another_host_is_refused() {
        ServerAddress otherName = new ServerAddress("localhost", gate().tls().port());
        requireRefused(url("", otherName, trusted()), "No name matching localhost");
    }

    @Test
    void a_file_of_certificates_that_is_not_there_is_named() {
        requireRefused(url("", gate().tls(), "tls=true&ssl.truststore.location=/no/such/file"), "/no/such/file");
    }

    @Test
    void who_comes_without_tls_to_where_it_is_asked_for_is_told_so_in_time() {
        requireRefused(url("", gate().tls(), "tls=false"), "whether the brokers ask for TLS");
    }
}
