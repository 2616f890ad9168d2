package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.InvalidStoreUrl;
import dev.polylog.StreamId;
import dev.polylog.dynamodb.DynamoConfig.Preparation;
import dev.polylog.dynamodb.DynamoConfig.Region;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.BackendUrl;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DynamoConfigTest {

    @RegisterExtension
    final TestLog log = new TestLog();

    private static DynamoConfig parse(String url) {
        return DynamoConfig.parse(BackendUrl.parse(url));
    }

    @Test
    void a_url_names_region_and_table_and_everything_else_has_a_usual_value() {
        DynamoConfig config = parse("dynamodb://eu-central-1/events");
        assertThat(config.source()).isEqualTo(new Region("eu-central-1", null, null));
        assertThat(config.table()).isEqualTo("events");
        assertThat(config.preparation()).isEqualTo(Preparation.CREATE);
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.callTimeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void all_options_are_read() {
        DynamoConfig config = parse("dynamodb://us-gov-west-1/my.table-1?endpoint=http://127.0.0.1:8000"
                + "&profile=test&create=false&timeout=2s&callTimeout=500ms");
        assertThat(config.source()).isEqualTo(new Region("us-gov-west-1", URI.create("http://127.0.0.1:8000"), "test"));
        assertThat(config.preparation()).isEqualTo(Preparation.REQUIRE);
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.callTimeout()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void every_mistake_is_told_at_once() {
        assertThatThrownBy(() -> parse("dynamodb://EU/x?endpoint=ftp://h&timeout=1ms&size=3"))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("region")
                .hasMessageContaining("3 to 255")
                .hasMessageContaining("http://host:port")
                .hasMessageContaining("100 ms to 5 minutes")
                .hasMessageContaining("unknown option size");
        assertThatThrownBy(() -> parse("dynamodb:events"))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("dynamodb://region/table");
    }

    @Test
    void dax_is_refused_because_it_answers_from_a_cache() {
        for (String endpoint : new String[] {
            "dax://my.abc.dax-clusters.eu-central-1.amazonaws.com", "https://dax.eu-central-1.amazonaws.com"
        }) {
            assertThatThrownBy(() -> parse("dynamodb://eu-central-1/events?endpoint=" + endpoint))
                    .isInstanceOf(InvalidStoreUrl.class)
                    .hasMessageContaining("DAX");
        }
    }

    @Test
    void credentials_in_an_endpoint_are_refused_and_not_shown() {
        assertThatThrownBy(() -> parse("dynamodb://eu-central-1/events?endpoint=http://me:s3cr3t@127.0.0.1:8000"))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("credentials");
    }

    @Test
    void what_is_durable_depends_on_whose_endpoint_it_is() {
        assertThat(DynamoTraits.of(parse("dynamodb://eu-central-1/events")).durability())
                .isEqualTo(Durability.REPLICATED);
        assertThat(DynamoTraits.of(parse("dynamodb://eu-central-1/events"
                                + "?endpoint=https://vpce-1.dynamodb.eu-central-1.vpce.amazonaws.com"))
                        .durability())
                .isEqualTo(Durability.REPLICATED);
        assertThat(DynamoTraits.of(parse("dynamodb://eu-central-1/events?endpoint=http://127.0.0.1:8000"))
                        .durability())
                .isEqualTo(Durability.LOCAL);
    }

    @Test
    void a_url_opens_the_store() {
        String url = "dynamodb://eu-central-1/" + log.table() + "?endpoint=" + TestLog.endpoint();
        try (EventStore store = EventStore.open(url)) {
            assertThat(store.append(StreamId.of("s"), ExpectedVersion.noStream(), TestLog.event())
                            .version())
                    .isEqualTo(1);
        }
    }
}
