package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventSizesTest {

    @Test
    void anEventIsAsLargeAsItsPayloadAndTheJsonFormOfItsMetadata() {
        EventData event = EventData.json("Placed", "[12]");
        assertThat(EventSizes.of(event)).isEqualTo(4 + "{}".length());
        assertThat(EventSizes.of(event.withMetadata("a", "b"))).isEqualTo(4 + "{\"a\":\"b\"}".length());
        assertThat(EventSizes.of(event.withMetadata("a", "\u00e9\n\u0001\"")))
                .isEqualTo(4 + "{\"a\":\"xx\\n\\u0001\\\"\"}".length());
    }

    @Test
    void theSizeDoesNotDependOnHowTheMetadataWasMade() {
        byte[] spaced = "{ \"b\": \"\\u0078\", \"a\": \"\\ud800\" }".getBytes(StandardCharsets.UTF_8);
        EventData given = EventData.json("Placed", "")
                .withMetadata(Metadata.of("a", "\ud800").with("b", "x"));
        assertThat(EventSizes.of(given.withMetadata(Metadata.ofJson(spaced)))).isEqualTo(EventSizes.of(given));

        EventData plain = EventData.json("Placed", "").withMetadata("trace", "0af7651916cd43dd");
        byte[] json = plain.metadata().toJson();
        assertThat(EventSizes.of(plain.withMetadata(Metadata.ofJson(json)))).isEqualTo(EventSizes.of(plain));
    }
}
