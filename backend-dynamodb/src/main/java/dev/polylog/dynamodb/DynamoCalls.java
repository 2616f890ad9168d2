package dev.polylog.dynamodb;

import dev.polylog.IncompatibleLayout;
import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.dynamodb.DynamoFailures.Meaning;
import dev.polylog.spi.support.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/**
 * The client, and the one loop that repeats calls: with growing pauses and jitter, until the timeout. The client itself
 * repeats nothing. Only calls that may safely be made twice come here; appends have a loop of their own.
 *
 * <p>Thread-safe. Failures: {@link StoreUnavailable} where nothing came of a call in time, {@link IncompatibleLayout} where
 * DynamoDB refuses it, {@link StoreClosed} after the close.
 */
final class DynamoCalls implements AutoCloseable {

    /** DynamoDB takes so many keys in one call. */
    static final int MOST_KEYS = 100;

    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(2), Duration.ofMillis(500));

    private final DynamoConfig config;
    private final DynamoDbClient client;
    private final DynamoSurroundings surroundings;
    private final AwsRequestOverrideConfiguration override;
    private volatile boolean closed;

    DynamoCalls(DynamoConfig config, DynamoDbClient client, DynamoSurroundings surroundings) {
        this.config = config;
        this.client = client;
        this.surroundings = surroundings;
        this.override = AwsRequestOverrideConfiguration.builder()
                .apiCallTimeout(config.callTimeout())
                .build();
    }

    DynamoDbClient client() {
        return client;
    }

    DynamoConfig config() {
        return config;
    }

    DynamoSurroundings surroundings() {
        return surroundings;
    }

    /** What every request carries: how long its one attempt may take. */
    AwsRequestOverrideConfiguration override() {
        return override;
    }

    String table() {
        return config.table();
    }

    String address() {
        return config.address();
    }

    void requireOpen() {
        if (closed) {
            throw new StoreClosed();
        }
    }

    /** A deadline, and pauses until then. */
    Patience patience() {
        return new Patience();
    }

    /** Makes a call again and again until it succeeds, is refused, or the time is over. */
    <T> T make(String what, Supplier<T> call) {
        Patience patience = patience();
        try {
            while (true) {
                requireOpen();
                try {
                    return call.get();
                } catch (PolylogException e) {
                    throw e;
                } catch (RuntimeException e) {
                    patience.uninterrupted();
                    requireOpen();
                    if (!DynamoFailures.of(e).isPassing() || patience.isOver()) {
                        throw known(what, e);
                    }
                    patience.pause();
                }
            }
        } finally {
            patience.restoreInterrupt();
        }
    }

    /** What the caller gets for a call of which nothing came. */
    PolylogException known(String what, RuntimeException failure) {
        if (closed) {
            return new StoreClosed();
        }
        Meaning meaning = DynamoFailures.of(failure);
        String message = address() + ": " + what + " failed: " + DynamoFailures.message(failure);
        if (DynamoFailures.isDenied(failure)) {
            return new IncompatibleLayout(
                    message + ". Give the role this permission; the policies are in docs/backends/dynamodb.md",
                    failure);
        }
        if (meaning == Meaning.MISSING) {
            return new IncompatibleLayout(message + ". The table is not there any more", failure);
        }
        return new StoreUnavailable(
                message + (meaning.isPassing() ? ". Try again later" : "; DynamoDB refuses this"), failure);
    }

    /** Reads an item as it is now. */
    Optional<Map<String, AttributeValue>> get(String what, Key key) {
        GetItemRequest request = GetItemRequest.builder()
                .tableName(table())
                .key(key.attributes())
                .consistentRead(true)
                .overrideConfiguration(override)
                .build();
        GetItemResponse answer = make(what, () -> client.getItem(request));
        return answer.hasItem() ? Optional.of(answer.item()) : Optional.empty();
    }

    /** Reads items as they are now, each at a moment of its own; those that are not there are left out. */
    Map<Key, Map<String, AttributeValue>> getAll(String what, Collection<Key> keys) {
        Map<Key, Map<String, AttributeValue>> found = new HashMap<>();
        List<Key> all = List.copyOf(keys);
        for (int begin = 0; begin < all.size(); begin += MOST_KEYS) {
            List<Map<String, AttributeValue>> part = new ArrayList<>();
            all.subList(begin, Math.min(all.size(), begin + MOST_KEYS)).forEach(key -> part.add(key.attributes()));
            batch(what, part, found);
        }
        return found;
    }

    /** One call may leave keys out: for their size, or because the table is asked too much. */
    private void batch(
            String what, List<Map<String, AttributeValue>> keys, Map<Key, Map<String, AttributeValue>> found) {
        Patience patience = patience();
        List<Map<String, AttributeValue>> wanted = keys;
        while (!wanted.isEmpty()) {
            BatchGetItemRequest request = BatchGetItemRequest.builder()
                    .requestItems(Map.of(
                            table(),
                            KeysAndAttributes.builder()
                                    .keys(wanted)
                                    .consistentRead(true)
                                    .build()))
                    .overrideConfiguration(override)
                    .build();
            BatchGetItemResponse answer = make(what, () -> client.batchGetItem(request));
            List<Map<String, AttributeValue>> items = answer.responses().getOrDefault(table(), List.of());
            items.forEach(item -> found.put(Key.of(item), item));
            KeysAndAttributes left = answer.unprocessedKeys().get(table());
            wanted = left == null ? List.of() : left.keys();
            if (!wanted.isEmpty() && items.isEmpty()) {
                patience.pauseOrGiveUp(what, "the table is asked for more than it has capacity for");
            }
        }
    }

    /** Refuses what comes; the client that was made here is closed by whoever made it. */
    @Override
    public void close() {
        closed = true;
    }

    /** How long to go on. Confined to one thread. */
    final class Patience {

        private final long deadline = surroundings.nanoTime() + config.timeout().toNanos();
        private int failures;
        private boolean interrupted;

        boolean isOver() {
            return surroundings.nanoTime() - deadline >= 0;
        }

        /** Waits a little longer than the last time. */
        void pause() {
            failures++;
            surroundings.pause(PAUSES.jittered(failures, surroundings::random));
            uninterrupted();
        }

        void pauseOrGiveUp(String what, String why) {
            requireOpen();
            if (isOver()) {
                throw new StoreUnavailable(
                        address() + ": " + what + " did not succeed within "
                                + config.timeout().toMillis() + " ms: " + why,
                        null);
            }
            pause();
        }

        /** A call waits for the answer, come what may; the interruption is kept for later. */
        void uninterrupted() {
            interrupted |= Thread.interrupted();
        }

        void restoreInterrupt() {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return address();
    }

    /** The last key of a page, if more follows. */
    static boolean goesOn(@Nullable Map<String, AttributeValue> lastKey) {
        return lastKey != null && !lastKey.isEmpty();
    }
}
