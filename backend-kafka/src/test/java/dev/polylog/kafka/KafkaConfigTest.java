package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.types.Password;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** URLs and builders. */
class KafkaConfigTest {

    private static KafkaConfig parse(String url) {
        return KafkaConfig.parse(BackendUrl.parse(url));
    }

    @Test
    void a_url_says_where_and_how() {
        KafkaConfig config = parse("kafka://one:9092,[::1]:9093/my-topic?view=/var/views&timeout=7s&replicas=2"
                + "&compression.type=zstd&maxEventsPerAppend=60&acceptUnflushed=true");
        assertThat(config.servers()).containsExactly("one:9092", "[::1]:9093");
        assertThat(config.topic()).isEqualTo("my-topic");
        assertThat(config.views()).isEqualTo(Path.of("/var/views"));
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.replicas()).isEqualTo(2);
        assertThat(config.producer()).containsEntry("compression.type", "zstd");
        assertThat(config.limits().maxEventsPerAppend()).isEqualTo(60);
        assertThat(config.risks()).containsExactly(KafkaConfig.Risk.UNFLUSHED);
        assertThat(config.client()).containsEntry("security.protocol", "PLAINTEXT");
    }

    @Test
    void a_log_in_is_taken_apart_and_shown_nowhere() {
        KafkaConfig config = parse("kafka://app:s3%22cr%40t@one:9092/t?sasl=scram-sha-512&tls=true"
                + "&ssl.truststore.location=/t.jks&ssl.truststore.password=tru5t");
        assertThat(config.client())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("ssl.truststore.location", "/t.jks");
        assertThat(config.client().get("sasl.jaas.config"))
                .asInstanceOf(InstanceOfAssertFactories.type(Password.class))
                .extracting(Password::value)
                .isEqualTo("org.apache.kafka.common.security.scram.ScramLoginModule required username=\"app\""
                        + " password=\"s3\\\"cr@t\";");
        assertThat(config + " " + config.client()).doesNotContain("cr@t", "tru5t");
    }

    @Test
    void every_mistake_is_told_at_once() {
        assertThatThrownBy(() -> parse("kafka://host/bad topic?timeout=1ms"))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("host:port")
                .hasMessageContaining("the topic's name")
                .hasMessageContaining("timeout is 1 ms");
        assertThatThrownBy(() -> parse("kafka://host:1/t?replicas=99&sasl=plain&sasl.jaas.config=x"))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("replicas")
                .hasMessageContaining("user:password@")
                .hasMessageContaining("unknown option sasl.jaas.config");
        assertThatThrownBy(() -> parse("kafka:topic"))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("kafka://host:9092,host2:9092/topic");
        assertThatThrownBy(() -> parse("kafka://u:secret@host:1/t?sasl=kerberos"))
                .hasMessageContaining("scram-sha-256")
                .hasMessageNotContaining("secret");
    }

    @Test
    void what_the_log_depends_on_is_not_to_be_chosen() {
        assertThatThrownBy(() -> KafkaConfig.builder(List.of("h:1"), "t")
                        .producer(Map.of("acks", "1"))
                        .consumer(Map.of("auto.offset.reset", "earliest"))
                        .build())
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("acks")
                .hasMessageContaining("auto.offset.reset");
    }
}
