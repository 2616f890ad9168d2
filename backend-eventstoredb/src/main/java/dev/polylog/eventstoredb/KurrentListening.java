package dev.polylog.eventstoredb;

import dev.polylog.Position;
import dev.polylog.StoreClosed;
import dev.polylog.eventstoredb.KurrentClients.Use;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.ResolvedEvent;
import io.kurrent.dbclient.SubscribeToAllOptions;
import io.kurrent.dbclient.Subscription;
import io.kurrent.dbclient.SubscriptionListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription to everything from the end on, by which growth is noticed at once. Streams of the system, and so our
 * cells, are left out by the server. Any node serves it. What the client may do silently is guarded against: a
 * confirmation that never comes has a bound, a listener never throws, and the owner renews what went quiet.
 *
 * <p>For the thread of its owner, but {@link #seen()}.
 */
final class KurrentListening {

    private static final Logger LOG = LoggerFactory.getLogger(KurrentListening.class);

    private static final Duration CONFIRMATION = Duration.ofSeconds(10);

    /** Few in memory: each is forgotten when it has been noticed. */
    private static final int BATCH = 64;

    private final KurrentConfig config;
    private final KurrentClients clients;
    private final Runnable grown;
    private volatile Position seen = Position.START;
    private volatile boolean live;
    private @Nullable Subscription subscription;
    private @Nullable KurrentDBClient client;

    KurrentListening(KurrentConfig config, KurrentClients clients, Runnable grown) {
        this.config = config;
        this.clients = clients;
        this.grown = grown;
    }

    /** The position of the last event that came; the start where none has yet. */
    Position seen() {
        return seen;
    }

    /** Subscribes where there is no subscription. Where that fails, the next call tries again. */
    void ensure() {
        if (live) {
            return;
        }
        drop();
        try {
            KurrentDBClient current = clients.get(Use.LISTENING);
            client = current;
            live = true;
            CompletableFuture<Subscription> confirmed = current.subscribeToAll(
                    new Noticing(),
                    SubscribeToAllOptions.get()
                            .fromEnd()
                            .notRequireLeader()
                            .batchSize(BATCH)
                            .filter(KurrentLayout.ofApplications()));
            subscription = confirmed.get(
                    Math.min(CONFIRMATION.toMillis(), config.timeout().toMillis()), TimeUnit.MILLISECONDS);
            // Between the last look and now something may have been written.
            grown.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            live = false;
        } catch (ExecutionException | TimeoutException | StoreClosed e) {
            LOG.debug("{}: cannot subscribe now; growth is noticed by looking", config.address(), e);
            live = false;
        }
    }

    void renew() {
        live = false;
        ensure();
    }

    private void drop() {
        Subscription old = subscription;
        if (old != null) {
            old.stop();
        }
        KurrentDBClient used = client;
        if (used != null) {
            clients.giveUp(Use.LISTENING, used);
        }
        subscription = null;
        client = null;
        seen = Position.START;
    }

    void close() {
        drop();
    }

    /** Tells that something came, and that the subscription ended. */
    private final class Noticing extends SubscriptionListener {

        @Override
        public void onEvent(Subscription from, ResolvedEvent event) {
            try {
                seen = KurrentEvents.position(event.getOriginalEvent().getPosition());
                grown.run();
            } catch (RuntimeException e) {
                LOG.warn("{}: growth could not be told of", config.address(), e);
            }
        }

        @Override
        public void onCancelled(@Nullable Subscription from, @Nullable Throwable failure) {
            live = false;
            LOG.debug("{}: the subscription ended", config.address(), failure);
        }
    }
}
