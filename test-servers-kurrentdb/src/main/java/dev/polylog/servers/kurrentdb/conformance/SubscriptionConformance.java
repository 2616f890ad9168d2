package dev.polylog.servers.kurrentdb.conformance;

import static dev.polylog.servers.kurrentdb.conformance.Probe.event;
import static dev.polylog.servers.kurrentdb.conformance.Probe.events;
import static io.kurrent.dbclient.StreamState.any;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.proto.shared.Shared;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq.Options;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp.ContentCase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Subscriptions, through the bare stub: the client hides their messages. Nested empty in a {@link ConformanceHarness}. */
@ExtendWith(ConformanceExtension.class)
public class SubscriptionConformance {

    /** For JUnit and for the nested class. */
    public SubscriptionConformance() {}

    private static final Shared.Empty EMPTY = Shared.Empty.getDefaultInstance();

    private static Options.Builder toStream(String stream) {
        return Probe.options()
                .setStream(Options.StreamOptions.newBuilder()
                        .setStreamIdentifier(Probe.identifier(stream))
                        .setStart(EMPTY))
                .setSubscription(Options.SubscriptionOptions.getDefaultInstance());
    }

    private static Options.Builder toAllFromEnd() {
        return Probe.options()
                .setAll(Options.AllOptions.newBuilder().setEnd(EMPTY))
                .setSubscription(Options.SubscriptionOptions.getDefaultInstance());
    }

    @Test
    void a_subscription_is_confirmed_first_then_catches_up_then_goes_on(Probe probe) {
        String stream = probe.streamOf(70);
        try (Listening listening = Listening.to(probe, toStream(stream))) {
            List<ReadResp> answer = listening.until(ContentCase.CAUGHT_UP);
            assertThat(answer.get(0).getContentCase()).isEqualTo(ContentCase.CONFIRMATION);
            assertThat(answer.subList(1, 71))
                    .extracting(response -> response.getEvent().getEvent().getStreamRevision())
                    .startsWith(0L)
                    .endsWith(69L)
                    .isSorted();
            ReadResp.CaughtUp caughtUp = answer.get(71).getCaughtUp();
            assertThat(caughtUp.hasTimestamp()).isEqualTo(probe.saysWhereItCaughtUp());
            assertThat(caughtUp.getStreamRevision()).isEqualTo(probe.saysWhereItCaughtUp() ? 69 : 0);
            probe.append(stream, any(), event());
            assertThat(listening
                            .until(ContentCase.EVENT)
                            .get(0)
                            .getEvent()
                            .getEvent()
                            .getStreamRevision())
                    .isEqualTo(70);
        }
    }

    @Test
    void a_start_is_excluded_and_may_lie_beyond_the_end(Probe probe) {
        String stream = probe.streamOf(3);
        Options.Builder after = toStream(stream);
        after.getStreamBuilder().setRevision(1);
        try (Listening listening = Listening.to(probe, after)) {
            List<ReadResp> answer = listening.until(ContentCase.CAUGHT_UP);
            assertThat(answer).hasSize(3);
            assertThat(answer.get(1).getEvent().getEvent().getStreamRevision()).isEqualTo(2);
        }
        Options.Builder beyond = toStream(stream);
        beyond.getStreamBuilder().setRevision(4);
        try (Listening listening = Listening.to(probe, beyond)) {
            listening.until(ContentCase.CAUGHT_UP);
            probe.append(stream, any(), events(3));
            assertThat(listening
                            .until(ContentCase.EVENT)
                            .get(0)
                            .getEvent()
                            .getEvent()
                            .getStreamRevision())
                    .isEqualTo(5);
        }
    }

    @Test
    void a_stream_that_does_not_exist_yet_can_be_subscribed_to(Probe probe) {
        String stream = probe.stream();
        try (Listening listening = Listening.to(probe, toStream(stream))) {
            listening.until(ContentCase.CONFIRMATION);
            probe.append(stream, any(), event());
            List<ReadResp> answer = listening.until(ContentCase.EVENT);
            assertThat(answer.get(answer.size() - 1).getEvent().getEvent().getStreamRevision())
                    .isZero();
        }
    }

    @Test
    void a_stream_that_is_ended_tells_so_and_then_fails(Probe probe) {
        String stream = probe.streamOf(1);
        try (Listening listening = Listening.to(probe, toStream(stream))) {
            listening.until(ContentCase.CAUGHT_UP);
            Probe.await(probe.client().tombstoneStream(stream));
            assertThat(listening
                            .until(ContentCase.EVENT)
                            .get(0)
                            .getEvent()
                            .getEvent()
                            .getMetadataMap())
                    .containsEntry("type", "$streamDeleted");
            StatusRuntimeException end = listening.untilEnd();
            assertThat(end.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            assertThat(Probe.trailer(end, "exception")).isEqualTo("stream-deleted");
        }
    }

    @Test
    void everything_can_be_filtered_by_stream_and_tells_how_far_it_looked(Probe probe) {
        String wanted = probe.stream();
        Options.Builder filtered = toAllFromEnd()
                .setFilter(Options.FilterOptions.newBuilder()
                        .setStreamIdentifier(
                                Options.FilterOptions.Expression.newBuilder().setRegex("^" + wanted + "$"))
                        .setMax(10)
                        .setCheckpointIntervalMultiplier(1));
        try (Listening listening = Listening.to(probe, filtered)) {
            listening.until(ContentCase.CAUGHT_UP);
            probe.append(probe.stream(), any(), events(40));
            List<ReadResp> looked = listening.until(ContentCase.CHECKPOINT);
            long checkpoint = looked.get(looked.size() - 1).getCheckpoint().getCommitPosition();
            var result = probe.append(wanted, any(), event());
            List<ReadResp> more = listening.until(ContentCase.EVENT);
            ReadResp.ReadEvent.RecordedEvent event =
                    more.get(more.size() - 1).getEvent().getEvent();
            assertThat(event.getStreamIdentifier()).isEqualTo(Probe.identifier(wanted));
            assertThat(event.getCommitPosition())
                    .isEqualTo(result.getLogPosition().getCommitUnsigned())
                    .isGreaterThan(checkpoint);
        }
    }

    @Test
    void a_filter_matches_anywhere_in_the_name_unless_it_is_anchored(Probe probe) {
        String part = "part" + System.nanoTime();
        Options.Builder filtered = toAllFromEnd()
                .setFilter(Options.FilterOptions.newBuilder()
                        .setStreamIdentifier(
                                Options.FilterOptions.Expression.newBuilder().setRegex(part))
                        .setCount(EMPTY)
                        .setCheckpointIntervalMultiplier(1));
        try (Listening listening = Listening.to(probe, filtered)) {
            listening.until(ContentCase.CAUGHT_UP);
            probe.append("x-" + part + "-y", any(), event());
            assertThat(listening.until(ContentCase.EVENT)).isNotEmpty();
        }
    }

    @Test
    void a_position_inside_of_an_event_cannot_be_subscribed_from(Probe probe) {
        long inside = probe.read(probe.streamOf(1)).get(0).getPosition().getCommitUnsigned() + 1;
        Options.Builder options = toAllFromEnd();
        options.getAllBuilder()
                .setPosition(
                        Options.Position.newBuilder().setCommitPosition(inside).setPreparePosition(inside));
        try (Listening listening = Listening.to(probe, options)) {
            assertThat(listening.untilEnd().getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void a_slow_subscriber_of_a_new_server_gets_every_event_once_and_in_order(Probe probe) {
        String stream = probe.stream();
        Options.Builder options = toAllFromEnd();
        try (Listening listening = Listening.to(probe, options)) {
            listening.until(ContentCase.CAUGHT_UP);
            listening.hold();
            for (int i = 0; i < 40; i++) {
                List<EventData> large = new ArrayList<>();
                for (int e = 0; e < 10; e++) {
                    large.add(
                            EventData.builderAsBinary("Large", new byte[10_000]).build());
                }
                probe.append(stream, any(), large);
            }
            listening.goOn();
            if (!probe.saysWhereItCaughtUp()) {
                assertThat(listening.untilEnd().getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
                return;
            }
            List<Long> revisions = new ArrayList<>();
            while (revisions.size() < 400) {
                ReadResp next = listening.next();
                if (next.getEvent().getEvent().getStreamIdentifier().equals(Probe.identifier(stream))) {
                    revisions.add(next.getEvent().getEvent().getStreamRevision());
                }
            }
            assertThat(revisions).isEqualTo(LongStream.range(0, 400).boxed().toList());
        }
    }
}
