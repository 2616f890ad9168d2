package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.kurrentdb.log.LogRecord;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq.Options.FilterOptions;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A filter of {@code $all}, by stream or by event type: a regular expression that may match anywhere, or, where that is
 * empty, any of some beginnings. After {@code window × multiplier} events that were looked at, a subscriber is told how
 * far that was; a window that is only a count is 32.
 *
 * <p>Immutable and thread-safe.
 *
 * @param wanted which events
 * @param interval after how many events a checkpoint is sent
 */
record Filter(Predicate<LogRecord> wanted, long interval) {

    private static final int DEFAULT_WINDOW = 32;

    static Filter of(FilterOptions options) {
        if (options.getCheckpointIntervalMultiplier() == 0) {
            throw Refusals.unhandled();
        }
        Predicate<LogRecord> wanted = predicate(options);
        if (wanted == null || options.getWindowCase() == FilterOptions.WindowCase.WINDOW_NOT_SET) {
            throw Refusals.unimplemented("a filter without an expression or a window");
        }
        long window = options.hasMax() ? Integer.toUnsignedLong(options.getMax()) : DEFAULT_WINDOW;
        return new Filter(wanted, window * Integer.toUnsignedLong(options.getCheckpointIntervalMultiplier()));
    }

    private static @Nullable Predicate<LogRecord> predicate(FilterOptions options) {
        if (options.hasStreamIdentifier()) {
            Predicate<String> matches = matching(options.getStreamIdentifier());
            return event -> matches.test(event.stream());
        }
        if (options.hasEventType()) {
            Predicate<String> matches = matching(options.getEventType());
            return event -> matches.test(event.type());
        }
        return null;
    }

    private static Predicate<String> matching(FilterOptions.Expression expression) {
        if (!expression.getRegex().isEmpty()) {
            try {
                return Pattern.compile(expression.getRegex()).asPredicate();
            } catch (PatternSyntaxException e) {
                throw Refusals.unhandled();
            }
        }
        List<String> prefixes = expression.getPrefixList();
        return text -> prefixes.stream().anyMatch(text::startsWith);
    }
}
