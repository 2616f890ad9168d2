package dev.polylog.internal.subscription;

import dev.polylog.CellOutcomeUnknown;
import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.LogDiverged;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.Scheduler;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.support.Backoff;
import dev.polylog.subscription.ParkedEvent;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a subscription does in a turn. For one turn at a time.
 *
 * <ol>
 *   <li>Connect, if the store was away: compare checkpoint and log, claim the name (rule S-10).
 *   <li>Look around, once in a poll interval.
 *   <li>Replay a parked event, if somebody has asked for it; the page at hand is given back for that.
 *   <li>Fetch a page, if none is at hand, of at most the events that may be held (rule S-03).
 *   <li>Hand its events over one by one, saving the checkpoint when it is due.
 *   <li>Say when the next turn is wanted: at once, after a delay, or at the next poll.
 * </ol>
 */
final class CatchUpLoop {

    private static final Logger LOG = LoggerFactory.getLogger(CatchUpLoop.class);
    private static final Backoff RECONNECT = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

    private final LogBackend backend;
    private final Scheduler scheduler;
    private final SubscriptionOptions options;
    private final LogSession session;
    private final ParkedEvents parked;
    private final EventSink sink;
    private final Delivery delivery;
    private final StatusBoard board;
    private final BooleanSupplier stopping;
    private final RandomGenerator random;
    private final Filter filter;
    private final Deque<RecordedEvent> page = new ArrayDeque<>();
    private Position pageEnd = Position.START;
    private boolean pageAtHead;
    private boolean live;
    private @Nullable RecordedEvent replaying;
    private int outages;
    private long resumeAt;

    CatchUpLoop(
            LogBackend backend,
            Scheduler scheduler,
            SubscriptionOptions options,
            LogSession session,
            EventSink sink,
            StatusBoard board,
            BooleanSupplier stopping,
            RandomGenerator random) {
        this.backend = backend;
        this.scheduler = scheduler;
        this.options = options;
        this.session = session;
        this.parked = session.parked();
        this.sink = sink;
        this.delivery = new Delivery(sink, options.onFailure());
        this.board = board;
        this.stopping = stopping;
        this.random = random;
        this.resumeAt = scheduler.nanoTime();
        this.filter = pushedDown(options);
    }

    /** What the backend is asked to filter; that the name is exactly a stream's is looked at here. */
    private static Filter pushedDown(SubscriptionOptions options) {
        StreamId stream = options.stream();
        Filter filter = options.filter();
        return stream != null && stream.name().startsWith(filter.prefix()) ? filter.prefix(stream.name()) : filter;
    }

    /**
     * Does some work.
     *
     * @return after what time the next turn is wanted
     */
    Duration turn() {
        long pause = resumeAt - scheduler.nanoTime();
        if (pause > 0) {
            return Duration.ofNanos(pause);
        }
        try {
            Duration wait = work();
            outages = 0;
            return wait;
        } catch (StoreUnavailable | CellOutcomeUnknown e) {
            return reconnectLater(e);
        }
    }

    private Duration reconnectLater(RuntimeException failure) {
        if (session.isConnected() || outages == 0) {
            LOG.warn("subscription {}: the store is away, trying again: {}", options.name(), failure.toString());
        }
        outages++;
        session.disconnected();
        board.failed(State.DISCONNECTED, failure);
        return pause(RECONNECT.jittered(outages, random));
    }

    private Duration pause(Duration delay) {
        resumeAt = scheduler.nanoTime() + Durations.nanos(delay);
        return delay;
    }

    private Duration work() {
        session.connect();
        if (session.nanosToLook(scheduler.nanoTime()) == 0) {
            session.look();
        }
        if (replaying != null || isReplayDue()) {
            return replay();
        }
        if (page.isEmpty()) {
            fetch();
        }
        return handOver();
    }

    /** An event that is being retried comes first, so that its retries are counted. */
    private boolean isReplayDue() {
        return delivery.isFresh() && parked.isReplayRequested();
    }

    private void fetch() {
        Position from = session.position();
        LogSlice slice = backend.readAll(
                new LogRead(Direction.FORWARDS, from, filter, options.maxBufferedEvents(), options.maxBufferedBytes()));
        StreamId only = options.stream();
        for (RecordedEvent event : slice.events()) {
            if (only == null || (only.equals(event.stream()) && options.filter().matches(only, event.type()))) {
                page.add(event);
            }
        }
        pageEnd = slice.lookedUpTo();
        // A backend that cannot look further for now is waited for like one that has no more.
        pageAtHead = slice.atHead() || pageEnd.equals(from);
        live = live && pageAtHead;
        if (!page.isEmpty() || !pageAtHead) {
            board.behind(working());
        }
    }

    private State working() {
        return live ? State.LIVE : State.CATCHING_UP;
    }

    private Duration handOver() {
        for (RecordedEvent event = page.peek(); event != null; event = page.peek()) {
            if (stopping.getAsBoolean() || isReplayDue()) {
                return Duration.ZERO;
            }
            if (!sink.isReady()) {
                return idle();
            }
            if (!settle(event)) {
                return retryLater();
            }
            page.remove();
            delivery.reset();
            session.done(event);
            board.behind(working());
            keepUp();
        }
        session.reached(pageEnd);
        return pageAtHead ? atHead() : caughtUpWithPage();
    }

    private void keepUp() {
        session.saveIfDue(page.isEmpty());
        if (session.nanosToLook(scheduler.nanoTime()) == 0) {
            session.look();
        }
    }

    private Duration caughtUpWithPage() {
        session.saveIfDue(true);
        return Duration.ZERO;
    }

    private Duration atHead() {
        live = true;
        if (session.isHeld()) {
            board.behind(State.LIVE);
        } else {
            board.live();
        }
        return idle();
    }

    private Duration idle() {
        session.saveIfDue(page.isEmpty());
        long now = scheduler.nanoTime();
        return Duration.ofNanos(Math.min(session.nanosToLook(now), session.nanosToSave(now)));
    }

    /** Holds no event any more: nothing follows. */
    void letGo() {
        page.clear();
        replaying = null;
    }

    /** Brings an event to its end; false if it has to be tried again. */
    private boolean settle(RecordedEvent event) {
        if (parked.contains(event)) {
            return true;
        }
        if (delivery.isFresh() && parked.blocks(event.stream())) {
            session.park(event, "an earlier event of the stream is parked");
            return true;
        }
        tryHandler(event);
        if (delivery.isExhausted()) {
            session.park(event, ParkedPage.errorText(parkableFailure()));
        }
        return delivery.isDone() || delivery.isExhausted();
    }

    private void tryHandler(RecordedEvent event) {
        if (delivery.attempt(event)) {
            board.handled();
        }
    }

    private Exception parkableFailure() {
        Exception failure = delivery.failure();
        board.failed(working(), failure);
        if (!delivery.parks()) {
            throw new Delivery.GivenUp(failure);
        }
        LOG.warn("subscription {}: an event is parked: {}", options.name(), ParkedPage.errorText(failure));
        return failure;
    }

    private Duration retryLater() {
        board.failed(State.RETRYING, delivery.failure());
        return pause(delivery.delay());
    }

    private Duration replay() {
        page.clear();
        ParkedEvent entry = parked.nextRequested().orElse(null);
        if (entry == null || (replaying != null && !replaying.position().equals(entry.position()))) {
            return endReplay();
        }
        if (!sink.isReady()) {
            return idle();
        }
        RecordedEvent event = eventOf(entry);
        replaying = event;
        board.behind(working());
        tryHandler(event);
        if (delivery.isDone()) {
            parked.remove(entry);
        } else if (delivery.isExhausted()) {
            parked.keep(entry, scheduler.now(), ParkedPage.errorText(parkableFailure()));
        } else {
            return retryLater();
        }
        return endReplay();
    }

    private Duration endReplay() {
        replaying = null;
        delivery.reset();
        board.parked(parked.count());
        session.saveIfDue(true);
        return Duration.ZERO;
    }

    private RecordedEvent eventOf(ParkedEvent entry) {
        if (replaying != null) {
            return replaying;
        }
        return session.eventAt(entry.position())
                .filter(event -> event.id().equals(entry.eventId()))
                .orElseThrow(() -> new LogDiverged("parked event " + entry.eventId() + " does not stand at "
                        + entry.position() + " of the log any more; look at what happened to the store"));
    }
}
