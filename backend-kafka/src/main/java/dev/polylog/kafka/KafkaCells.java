package dev.polylog.kafka;

import dev.polylog.CellOutcomeUnknown;
import dev.polylog.Payload;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.CellStore;
import java.util.Optional;
import java.util.UUID;

/**
 * The cells, in the same log as the events. Thread-safe. A change whose outcome is in doubt is settled by a fence before the
 * caller hears of doubt. Rules K-01 to K-04.
 */
final class KafkaCells implements CellStore {

    private final KafkaConfig config;
    private final KafkaView view;
    private final KafkaWriter writer;
    private final KafkaHead head;
    private final KafkaTopicWatch watch;

    KafkaCells(KafkaConfig config, KafkaView view, KafkaWriter writer, KafkaHead head, KafkaTopicWatch watch) {
        this.config = config;
        this.view = view;
        this.writer = writer;
        this.head = head;
        this.watch = watch;
    }

    @Override
    public Optional<Cell> get(String name) {
        head.current();
        return view.rows().cell(name);
    }

    @Override
    public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
        watch.requireSound();
        if (view.rows().revision(name) != expectedRevision) {
            head.current();
            long actual = view.rows().revision(name);
            if (actual != expectedRevision) {
                return new SetOutcome.Mismatch(actual);
            }
        }
        byte[] bytes = value.toByteArray();
        LogEntry.CellChange change =
                new LogEntry.CellChange(name, expectedRevision, new LogEntry.Slice(bytes, 0, bytes.length));
        UUID logId = view.mark().logId();
        if (logId == null) {
            throw new StoreUnavailable(config.address() + ": the log has no id yet; nothing was set", null);
        }
        Sent sent = writer.send(logId, change);
        return outcome(name, sent);
    }

    private SetOutcome outcome(String name, Sent sent) {
        Decision decision = sent.await(Deadline.in(config.patience()));
        if (decision == null) {
            Throwable failure = sent.failure();
            String reason = "cell " + name + ": " + KafkaFailures.message(failure);
            writer.doubt(sent, failure == null ? new StoreUnavailable(reason, null) : failure);
            decision = settled(sent, reason);
        }
        if (decision instanceof Decision.Cell cell) {
            return cell.outcome();
        }
        throw new StoreUnavailable(
                config.address() + ": setting cell " + name + " was given up and fenced; nothing was set. Try again",
                null);
    }

    private Decision settled(Sent sent, String reason) {
        try {
            head.settle(config.timeout());
        } catch (StoreUnavailable e) {
            throw new CellOutcomeUnknown(reason, e);
        }
        Decision decision = sent.decision();
        if (decision == null) {
            throw new CellOutcomeUnknown(reason, sent.failure());
        }
        return decision;
    }
}
