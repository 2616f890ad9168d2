package dev.polylog.kafka;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.support.AppendRules;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Appends. The steps:
 *
 * <ol>
 *   <li>Look at the view, as old as it may be: an append that it would accept becomes a proposal at once.
 *   <li>Else make the view current and look again: a conflict, a duplicate or a repeat that is still there is the answer,
 *       and nothing is written.
 *   <li>Write the proposal and wait until the view has passed it. The log has decided; its answer is ours.
 *   <li>Where the client gives up, or the view does not come that far in time, the outcome is unknown. It is found out by a
 *       fence: once that is in the log, the proposal is before it, or never will be.
 * </ol>
 *
 * <p>Thread-safe. Upholds rules, I-01 to I-06.
 */
final class KafkaAppender {

    private final KafkaConfig config;
    private final KafkaView view;
    private final KafkaWriter writer;
    private final KafkaHead head;
    private final KafkaTopicWatch watch;

    KafkaAppender(KafkaConfig config, KafkaView view, KafkaWriter writer, KafkaHead head, KafkaTopicWatch watch) {
        this.config = config;
        this.view = view;
        this.writer = writer;
        this.head = head;
        this.watch = watch;
    }

    AppendOutcome append(AppendCommand command) {
        watch.requireSound();
        AppendOutcome known = known(command);
        if (known != null) {
            return known;
        }
        UUID logId = view.mark().logId();
        if (logId == null) {
            throw new StoreUnavailable(config.address() + ": the log has no id yet; nothing was written", null);
        }
        Sent sent = writer.send(logId, new LogEntry.Proposal(command, List.of()));
        Decision decision = sent.await(Deadline.in(config.patience()));
        if (decision == null) {
            throw unknown(command, sent);
        }
        return outcome(decision);
    }

    /** The answer where the view has one, current; null where the log is to decide. */
    private @Nullable AppendOutcome known(AppendCommand command) {
        ViewRows rows = view.rows();
        if (AppendRules.decide(command, new Decided(view.heads(), new Rows(rows)))
                instanceof AppendRules.Decision.Write) {
            return null;
        }
        head.current();
        AppendRules.Decision decision =
                view.store().still(moment -> AppendRules.decide(command, new Rows(new ViewRows(moment))));
        if (decision instanceof AppendRules.Decision.Refuse refuse) {
            return refuse.outcome();
        }
        return decision instanceof AppendRules.Decision.Repeat repeat
                ? KafkaRules.repeated(command, repeat.firstVersions(), rows::position)
                : null;
    }

    private AppendOutcome outcome(Decision decision) {
        if (decision instanceof Decision.Append append) {
            return append.outcome();
        }
        throw new StoreUnavailable(
                config.address() + ": the append was given up and fenced; nothing was written. Try again", null);
    }

    private AppendOutcomeUnknown unknown(AppendCommand command, Sent sent) {
        Throwable failure = sent.failure();
        String reason = failure == null
                ? "it was not to be seen in the log within " + config.patience().toMillis() + " ms"
                : KafkaFailures.message(failure);
        writer.doubt(sent, failure == null ? new StoreUnavailable(reason, null) : failure);
        return new AppendOutcomeUnknown(
                command.eventIds(), config.address() + ": " + reason, failure, () -> resolve(command, sent));
    }

    private Optional<AppendResult> resolve(AppendCommand command, Sent sent) {
        if (sent.decision() == null) {
            head.settle(config.patience());
        }
        Decision decision = sent.decision();
        if (decision == null) {
            throw new StoreUnavailable(
                    config.address() + ": what became of the append of " + command.eventCount()
                            + " event(s) is not known yet. Ask again later",
                    null);
        }
        return decision instanceof Decision.Append append && append.outcome() instanceof AppendOutcome.Appended appended
                ? Optional.of(appended.result())
                : Optional.empty();
    }

    /** Streams as they were decided last, which may be ahead of the rows. */
    private record Decided(StreamHeads heads, Rows rows) implements AppendRules.StreamView {

        @Override
        public long version(StreamId stream) {
            Long known = heads.known(stream);
            return known == null ? rows.version(stream) : known;
        }

        @Override
        public List<UUID> ids(StreamId stream, long firstVersion, int count) {
            return rows.ids(stream, firstVersion, count);
        }
    }

    /** The rows as the rules see streams. */
    private record Rows(ViewRows rows) implements AppendRules.StreamView {

        @Override
        public long version(StreamId stream) {
            return rows.version(stream);
        }

        @Override
        public List<UUID> ids(StreamId stream, long firstVersion, int count) {
            return rows.ids(stream, firstVersion, count);
        }
    }
}
