package dev.polylog.dynamodb;

import dev.polylog.IncompatibleLayout;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The tail item: how far the log goes, as it is now and as far as is known here.
 *
 * <p>Thread-safe.
 */
final class DynamoHead {

    private final DynamoCalls calls;
    private final AtomicReference<@Nullable DynamoTail> known = new AtomicReference<>();

    DynamoHead(DynamoCalls calls) {
        this.calls = calls;
    }

    /** Reads the tail as it is now. */
    DynamoTail read() {
        Map<String, AttributeValue> item = calls.get("reading the tail", DynamoLayout.TAIL)
                .orElseThrow(() -> new IncompatibleLayout(
                        calls.address() + ": the tail of the log is gone; restore it with DynamoRepair", null));
        DynamoTail tail = DynamoTail.of(calls.address(), item);
        saw(tail);
        return tail;
    }

    /** Notes a tail that was read or written. */
    void saw(DynamoTail tail) {
        known.accumulateAndGet(
                tail,
                (old, now) -> old == null
                                || now == null
                                || now.epoch() > old.epoch()
                                || (now.epoch() == old.epoch() && now.group() >= old.group())
                        ? now
                        : old);
    }

    /** The latest tail that was seen; read where none was. */
    DynamoTail known() {
        return Optional.ofNullable(known.get()).orElseGet(this::read);
    }

    /**
     * Waits until a group whose items were seen has moved the tail. DynamoDB shows the items of a transaction one by one;
     * whoever acts on one must find the others where he looks next.
     */
    void await(long group) {
        if (known().group() >= group) {
            return;
        }
        DynamoCalls.Patience patience = calls.patience();
        try {
            while (read().group() < group) {
                patience.pauseOrGiveUp("a read", "group " + group + " is visible only in part");
            }
        } finally {
            patience.restoreInterrupt();
        }
    }
}
