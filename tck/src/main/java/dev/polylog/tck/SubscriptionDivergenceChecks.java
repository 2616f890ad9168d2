package dev.polylog.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.LogDiverged;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.Watermark;
import dev.polylog.spi.LogStatus;
import dev.polylog.subscription.Checkpoint;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A checkpoint that does not fit the log: rule S-10. The kit shows the engine another history of the same store. */
interface SubscriptionDivergenceChecks {

    /** Saves a checkpoint, shows another history, and requires that the next run stops without a call. */
    private static void requireDivergedAtStart(TckContext tck, Consumer<TroubledBackend> otherHistory) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Subscription first = fixture.store().subscribe(fixture.durable(), fixture.remember());
            fixture.awaitPosition(first, fixture.append("a", 3));
            first.close();
            Checkpoint before =
                    fixture.store().subscriptions().checkpoint(fixture.name()).orElseThrow();
            fixture.append("a", 2);
            fixture.forget();
            otherHistory.accept(fixture.trouble());
            Subscription next = fixture.store().subscribe(fixture.durable(), fixture.remember());
            assertThat(fixture.awaitFailure(next)).isInstanceOf(LogDiverged.class);
            assertThat(fixture.seen()).as("events handled in another history").isEmpty();
            assertThat(fixture.store().subscriptions().checkpoint(fixture.name()))
                    .contains(before);
        }
    }

    private static LogStatus shorter(LogStatus status, Position head) {
        return new LogStatus(status.logId(), status.epoch(), Watermark.at(head));
    }

    private static RecordedEvent another(RecordedEvent event) {
        return new RecordedEvent(
                event.stream(),
                event.version(),
                event.position(),
                event.recordedAt(),
                event.data().withId(UUID.randomUUID()));
    }

    @Test
    default void s10_another_log_is_noticed_at_the_start(TckContext tck) {
        requireDivergedAtStart(
                tck,
                trouble ->
                        trouble.showStatus(status -> new LogStatus("another-log", status.epoch(), status.watermark())));
    }

    @Test
    default void s10_another_epoch_is_noticed_at_the_start(TckContext tck) {
        requireDivergedAtStart(
                tck,
                trouble -> trouble.showStatus(
                        status -> new LogStatus(status.logId(), status.epoch() + "+", status.watermark())));
    }

    @Test
    default void s10_a_head_before_the_checkpoint_is_noticed_at_the_start(TckContext tck) {
        requireDivergedAtStart(tck, trouble -> trouble.showStatus(status -> shorter(status, Position.START)));
    }

    @Test
    default void s10_another_event_at_the_checkpoint_is_noticed_at_the_start(TckContext tck) {
        requireDivergedAtStart(tck, trouble -> trouble.showEvents(SubscriptionDivergenceChecks::another));
    }

    @Test
    default void s10_another_event_at_the_checkpoint_is_noticed_when_the_store_is_back(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Subscription subscription = fixture.store().subscribe(fixture.ephemeral(), fixture.remember());
            fixture.awaitPosition(subscription, fixture.append("a", 3));
            fixture.trouble().goAway();
            fixture.awaitState(subscription, State.DISCONNECTED);
            fixture.append("a", 2);
            fixture.forget();
            fixture.trouble().showEvents(SubscriptionDivergenceChecks::another);
            fixture.trouble().comeBack();
            assertThat(fixture.awaitFailure(subscription)).isInstanceOf(LogDiverged.class);
            assertThat(fixture.seen()).isEmpty();
        }
    }

    @Test
    default void s10_an_unchanged_log_fits_after_every_restart_and_outage(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            for (int round = 0; round < 3; round++) {
                Subscription subscription = fixture.store().subscribe(fixture.durable(), fixture.remember());
                fixture.awaitPosition(subscription, fixture.append("a", 2));
                fixture.trouble().goAway();
                fixture.awaitState(subscription, State.DISCONNECTED);
                fixture.trouble().comeBack();
                fixture.awaitPosition(subscription, fixture.append("a", 2));
                subscription.close();
            }
            assertThat(fixture.seen()).isEqualTo(fixture.appended());
        }
    }
}
