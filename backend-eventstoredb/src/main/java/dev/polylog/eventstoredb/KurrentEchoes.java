package dev.polylog.eventstoredb;

import dev.polylog.Position;
import dev.polylog.eventstoredb.KurrentClients.Use;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.ResolvedEvent;
import io.kurrent.dbclient.SubscribeToAllOptions;
import io.kurrent.dbclient.Subscription;
import io.kurrent.dbclient.SubscriptionListener;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of what is appended without asking for each append: a subscription to everything, at the leader, from a position
 * on that was known before. There is one only while it spares more than it costs ({@link EchoCredit}); where there is
 * none, or where it is silent, those who want to know have to read. It may die without a word, and nothing depends on it.
 *
 * <p>Thread-safe.
 */
final class KurrentEchoes {

    /** How long after an append's answer its event may come: both leave the server at the same time. */
    private static final Duration MOMENT = Duration.ofMillis(20);

    /** How often so long where much is under way: to read costs more than to wait, and makes everything later. */
    private static final int MOST_MOMENTS = 25;

    private static final int BATCH = 256;
    private static final Logger LOG = LoggerFactory.getLogger(KurrentEchoes.class);

    private final KurrentClients clients;
    private final EchoCredit credit = new EchoCredit();
    private @Nullable Hearing current;
    private boolean closed;

    KurrentEchoes(KurrentClients clients) {
        this.clients = clients;
    }

    /** Where an event stands in its stream, or will. */
    record Spot(String stream, long revision) {}

    /**
     * What stands there.
     *
     * @param mark that of the attempt that wrote it; empty where it was none of ours
     */
    record Echo(String mark, Position position) {}

    /**
     * What stands at a spot, as soon as it is heard of. May be asked before anything is written there.
     *
     * @param events how many events are appended with it
     * @param known a position that is taken already; whatever is asked for stands behind it
     * @return null where nobody listens now; cancelled when nobody listens any more
     */
    synchronized @Nullable CompletableFuture<Echo> expect(Spot spot, int events, Position known) {
        Hearing hearing = current;
        if (hearing != null && hearing.serves) {
            return hearing.recent.at(spot);
        }
        if (hearing != null) {
            credit.unserved(events);
            endIfSpent(hearing);
        } else if (!closed && known.isAfter(Position.START) && KurrentAnchors.isPlain(known) && credit.begins()) {
            Hearing begun = new Hearing();
            current = begun;
            begun.begin(known);
        }
        return null;
    }

    /**
     * Waits a moment for what is expected, now that it surely is there; longer while other events keep coming.
     *
     * @param position where it stands
     * @return null where it has to be read
     */
    @Nullable
    Echo await(CompletableFuture<Echo> expected, Position position) {
        try {
            for (int moment = 0; moment < MOST_MOMENTS; moment++) {
                if (hasPassed(expected, position)) {
                    return null;
                }
                Position before = heard();
                if (comes(expected)) {
                    spared();
                    return expected.get();
                }
                if (heard().equals(before)) {
                    break;
                }
            }
            missed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CancellationException | ExecutionException ended) {
            return null;
        }
        return null;
    }

    private static boolean comes(CompletableFuture<Echo> expected) throws InterruptedException, ExecutionException {
        try {
            expected.get(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    private synchronized Position heard() {
        return current == null ? Position.START : current.heard;
    }

    /** Whether it came before it was expected, and was forgotten since. */
    private synchronized boolean hasPassed(CompletableFuture<Echo> expected, Position position) {
        return !expected.isDone() && current != null && !position.isAfter(current.heard);
    }

    private synchronized void spared() {
        credit.spared();
    }

    private synchronized void missed() {
        Hearing hearing = current;
        if (hearing != null && hearing.serves) {
            // Nobody waits for it any more until it brings something again.
            hearing.serves = false;
            credit.missed();
            endIfSpent(hearing);
        }
    }

    private synchronized void confirmed(Hearing hearing) {
        hearing.serves = true;
    }

    private synchronized void brought(Hearing hearing, RecordedEvent event) {
        if (current != hearing) {
            return;
        }
        Position position = KurrentEvents.position(event.getPosition());
        String mark = Objects.requireNonNullElse(KurrentEvents.attempt(event), "");
        hearing.serves = true;
        hearing.heard = position;
        hearing.recent.at(new Spot(event.getStreamId(), event.getRevision())).complete(new Echo(mark, position));
        credit.brought(event.getEventData().length);
        endIfSpent(hearing);
    }

    private void endIfSpent(Hearing hearing) {
        if (credit.isSpent()) {
            end(hearing);
        }
    }

    private synchronized void end(Hearing hearing) {
        if (current == hearing) {
            current = null;
            credit.ended();
            hearing.stop();
        }
    }

    /** Ends the subscription; there is none any more from now on. */
    synchronized void close() {
        closed = true;
        Hearing hearing = current;
        if (hearing != null) {
            end(hearing);
        }
    }

    /** One subscription. What it says after it was given up counts no more. */
    private final class Hearing extends SubscriptionListener {

        private final Recent recent = new Recent();
        private Position heard = Position.START;

        /** Whether it can be waited for: it is confirmed, and has brought something since somebody waited in vain. */
        private boolean serves;

        private @Nullable KurrentDBClient client;
        private CompletableFuture<Subscription> subscription = new CompletableFuture<>();

        private void begin(Position known) {
            try {
                client = clients.get(Use.ECHO);
                subscription = client.subscribeToAll(
                        this,
                        SubscribeToAllOptions.get()
                                .fromPosition(KurrentAnchors.sent(known))
                                .requiresLeader(true)
                                .batchSize(BATCH)
                                .filter(KurrentLayout.ofApplications()));
            } catch (RuntimeException e) {
                subscription = CompletableFuture.failedFuture(e);
            }
            var unused = subscription.whenComplete((confirmed, failure) -> {
                if (failure == null) {
                    confirmed(this);
                } else {
                    onCancelled(null, failure);
                }
            });
        }

        private void stop() {
            recent.values().forEach(expected -> expected.cancel(false));
            // First of all: a client with an open subscription takes five seconds to end.
            var unused = subscription.thenAccept(Subscription::stop);
            if (client != null) {
                clients.giveUp(Use.ECHO, client);
            }
        }

        @Override
        public void onEvent(Subscription from, ResolvedEvent event) {
            try {
                brought(this, event.getOriginalEvent());
            } catch (RuntimeException e) {
                LOG.warn("an event that was appended could not be understood", e);
                end(this);
            }
        }

        @Override
        public void onCancelled(@Nullable Subscription from, @Nullable Throwable failure) {
            LOG.debug("the subscription that shows what is appended ended", failure);
            end(this);
        }
    }

    /** What was heard of lately, and what is expected; as much as may be under way at once, and more. */
    private static final class Recent extends LinkedHashMap<Spot, CompletableFuture<Echo>> {

        private static final long serialVersionUID = 1L;
        private static final int MOST = 4_096;

        CompletableFuture<Echo> at(Spot spot) {
            return computeIfAbsent(spot, absent -> new CompletableFuture<>());
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Spot, CompletableFuture<Echo>> eldest) {
            return size() > MOST;
        }
    }
}
