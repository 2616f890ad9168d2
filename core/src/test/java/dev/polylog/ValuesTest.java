package dev.polylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ValuesTest {

    @Test
    void theCategoryIsThePartBeforeTheFirstHyphen() {
        assertThat(StreamId.of("Order-42").category()).isEqualTo("Order");
        assertThat(StreamId.of("Order-42-7").category()).isEqualTo("Order");
        assertThat(StreamId.of("Order").category()).isEqualTo("Order");
        assertThat(StreamId.of("-42").category()).isEmpty();
        assertThat(StreamId.of("Order", "a-b")).isEqualTo(StreamId.of("Order-a-b"));
        assertThatThrownBy(() -> StreamId.of("Or-der", "1")).hasMessageContaining("hyphen");
    }

    @Test
    void exactlyZeroEqualsNoStream() {
        assertThat(ExpectedVersion.exactly(0)).isEqualTo(ExpectedVersion.noStream());
        assertThatThrownBy(() -> ExpectedVersion.exactly(-1)).hasMessageContaining("-1");
    }

    @Test
    void expectationsHoldForTheVersionsThatTheyName() {
        assertThat(ExpectedVersion.any().holdsFor(0)).isTrue();
        assertThat(ExpectedVersion.noStream().holdsFor(0)).isTrue();
        assertThat(ExpectedVersion.noStream().holdsFor(1)).isFalse();
        assertThat(ExpectedVersion.streamExists().holdsFor(0)).isFalse();
        assertThat(ExpectedVersion.streamExists().holdsFor(7)).isTrue();
        assertThat(ExpectedVersion.exactly(3).holdsFor(3)).isTrue();
        assertThat(ExpectedVersion.exactly(3).holdsFor(4)).isFalse();
    }

    @Test
    void aPayloadNeverChangesWithTheArraysAroundIt() {
        byte[] given = {1, 2, 3};
        Payload payload = Payload.of(given);
        given[0] = 9;
        payload.toByteArray()[1] = 9;
        assertThat(payload.toByteArray()).containsExactly(1, 2, 3);
        assertThat(payload.asByteBuffer().isReadOnly()).isTrue();
    }

    @Test
    void aPayloadIsMadeOfAPartOfAnArray() {
        byte[] given = {1, 2, 3, 4};
        Payload payload = Payload.of(given, 1, 2);
        given[1] = 9;
        assertThat(payload.toByteArray()).containsExactly(2, 3);
        assertThat(Payload.of(given, 4, 0)).isEqualTo(Payload.empty());
        assertThatThrownBy(() -> Payload.of(given, 3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Payload.of(given, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void metadataNeverChangesWithTheMapAroundIt() {
        Map<String, String> given = new HashMap<>(Map.of("b", "2", "a", "1"));
        Metadata metadata = Metadata.of(given);
        given.put("c", "3");
        assertThat(metadata.asMap()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
        assertThatThrownBy(() -> metadata.asMap().put("d", "4")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void textFormsShowNeitherPayloadNorMetadataValues() {
        EventData event = EventData.json("Paid", "{\"card\":\"4111\"}").withMetadata("token", "hunter2");
        assertThat(event.toString()).doesNotContain("4111").doesNotContain("hunter2");
    }

    @Test
    void anEffectCarriesItsCauseAndTheConversationOfItsCause() {
        RecordedEvent first = recorded(EventData.json("Placed", "{}"));
        EventData second = EventData.json("Paid", "{}").causedBy(first);
        RecordedEvent secondRecorded = recorded(second);
        EventData third = EventData.json("Shipped", "{}").causedBy(secondRecorded);

        assertThat(secondRecorded.causationId()).contains(first.id().toString());
        assertThat(secondRecorded.correlationId()).contains(first.id().toString());
        assertThat(recorded(third).causationId()).contains(second.id().toString());
        assertThat(recorded(third).correlationId()).contains(first.id().toString());
        assertThat(recorded(EventData.json("Placed", "{}").correlatedBy("tour-1"))
                        .correlationId())
                .contains("tour-1");
    }

    @Test
    void aFilterCombinesItsPartsByAndAndTheirMembersByOr() {
        Filter filter =
                Filter.all().categories("Order", "Cart").prefix("Order-4").types("Placed", "Paid");
        assertThat(filter.matches(StreamId.of("Order-42"), "Paid")).isTrue();
        assertThat(filter.matches(StreamId.of("Order-5"), "Paid")).isFalse();
        assertThat(filter.matches(StreamId.of("Order-42"), "Shipped")).isFalse();
        assertThat(filter.matches(StreamId.of("Orders-42"), "Paid")).isFalse();
        assertThat(Filter.all().categories("Order").matches(StreamId.of("Order"), "x"))
                .isTrue();
        assertThat(Filter.all().categories("Order").matches(StreamId.of("OrderX-1"), "x"))
                .isFalse();
        assertThat(Filter.all().isAll()).isTrue();
        assertThat(filter.isAll()).isFalse();
    }

    private static RecordedEvent recorded(EventData data) {
        return new RecordedEvent(StreamId.of("Order-1"), 1, Position.of(1), Instant.EPOCH, data);
    }

    @Test
    void idsOfNewEventsDiffer() {
        UUID first = EventData.json("a", "{}").id();
        assertThat(EventData.json("a", "{}").id()).isNotEqualTo(first);
    }
}
