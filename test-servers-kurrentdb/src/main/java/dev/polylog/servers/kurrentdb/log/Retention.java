package dev.polylog.servers.kurrentdb.log;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a stream's metadata hides when the stream is read: everything below a revision, all but the last few, and what is
 * too old. Revisions never change by it, and a read of everything takes no notice. Metadata that is no JSON object is no
 * metadata; values that make no sense ({@code $maxCount} and {@code $maxAge} up to 0, {@code $tb} below 0) are ignored.
 *
 * <p>Immutable and thread-safe.
 *
 * @param truncateBefore {@code $tb}: the first revision that is shown; {@link Long#MAX_VALUE} is a deleted stream
 * @param maxCount {@code $maxCount}: how many of the last events are shown
 * @param maxAge {@code $maxAge}: up to which age events are shown
 */
record Retention(
        @Nullable Long truncateBefore,
        @Nullable Long maxCount,
        @Nullable Duration maxAge) {

    static final Retention NONE = new Retention(null, null, null);

    /** What every stream of metadata has: only its last event is shown. */
    static final Retention LAST_ONLY = new Retention(null, 1L, null);

    /** The metadata that a delete leaves behind: whatever else was there, access rights included, is lost. */
    static final String DELETED = "{\"$tb\":9223372036854775807}";

    private static final JsonMapper JSON = new JsonMapper();

    static Retention parse(byte[] metadata) {
        try {
            JsonNode root = JSON.readTree(metadata);
            if (root == null || !root.isObject()) {
                return NONE;
            }
            Long seconds = number(root, "$maxAge", 1);
            return new Retention(
                    number(root, "$tb", 0),
                    number(root, "$maxCount", 1),
                    seconds == null ? null : Duration.ofSeconds(seconds));
        } catch (JacksonException malformed) {
            return NONE;
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot be read", e);
        }
    }

    private static @Nullable Long number(JsonNode root, String name, long least) {
        JsonNode value = root.get(name);
        return value != null && value.canConvertToLong() && value.isIntegralNumber() && value.longValue() >= least
                ? value.longValue()
                : null;
    }

    boolean isDeleted() {
        return truncateBefore != null && truncateBefore == Long.MAX_VALUE;
    }

    /** The first revision that is shown of a stream that ends at {@code last}, age apart. */
    long firstShown(long last) {
        long first = truncateBefore == null ? 0 : truncateBefore;
        return maxCount == null ? first : Math.max(first, last - maxCount + 1);
    }

    boolean isTooOld(LogRecord event, long nowTicks) {
        return maxAge != null && event.created() < nowTicks - maxAge.toMillis() * 10_000;
    }
}
