package dev.polylog.internal.subscription;

import dev.polylog.CellOutcomeUnknown;
import dev.polylog.LogDiverged;
import dev.polylog.Position;
import dev.polylog.Scheduler;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.LogBackend;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.SubscriptionStatus;
import dev.polylog.subscription.SubscriptionStatus.State;
import dev.polylog.subscription.SubscriptionTakenOver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running subscription: gives its loop turns, and ends it once (rules S-02, S-06). Thread-safe. */
final class SubscriptionRun implements Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionRun.class);

    private final SubscriptionOptions options;
    private final EventSink sink;
    private final Consumer<SubscriptionRun> onEnd;
    private final StatusBoard board;
    private final SerialTask task;
    private final LogSession session;
    private final CatchUpLoop loop;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopping;

    SubscriptionRun(
            LogBackend backend,
            Scheduler scheduler,
            SubscriptionOptions options,
            EventSink sink,
            RandomGenerator random,
            Consumer<SubscriptionRun> onEnd) {
        this.options = options;
        this.sink = sink;
        this.onEnd = onEnd;
        this.board = new StatusBoard(options.name(), scheduler);
        this.task = new SerialTask(scheduler, this::turn);
        this.session = new LogSession(backend, scheduler, options, board, task::wake);
        this.loop = new CatchUpLoop(backend, scheduler, options, session, sink, board, () -> stopping, random);
    }

    @Nullable
    String name() {
        return options.name();
    }

    /** Fixes where it begins; nothing runs yet. */
    void prepare() {
        session.fixStart();
    }

    /** Something has changed: a start, a signal, new demand. */
    void wake() {
        task.wake();
    }

    /** Somebody in this process has changed the parked events. */
    void wantLook() {
        session.wantLook();
        task.wake();
    }

    /** Ends it soon, without waiting. */
    void cancel() {
        stopping = true;
        task.wake();
    }

    private @Nullable Duration turn() {
        if (stopping) {
            end(null);
            return null;
        }
        try {
            Duration wait = loop.turn();
            if (!stopping) {
                return wait;
            }
            end(null);
        } catch (Delivery.GivenUp e) {
            end(e.failure());
        } catch (StoreClosed e) {
            end(stopping ? null : e);
        } catch (RuntimeException | Error e) {
            end(e);
        }
        return null;
    }

    private void end(@Nullable Throwable failure) {
        if (!(failure instanceof LogDiverged) && !(failure instanceof SubscriptionTakenOver)) {
            saveAtEnd();
        }
        if (failure != null) {
            LOG.error("subscription {} has stopped", options.name(), failure);
        }
        board.ended(failure == null ? State.CLOSED : State.FAILED, failure);
        onEnd.accept(this);
        try {
            session.close();
            sink.ended(failure);
        } catch (RuntimeException e) {
            LOG.warn("subscription {}: its end could not be told", options.name(), e);
        } finally {
            complete(failure);
        }
    }

    private void complete(@Nullable Throwable failure) {
        if (failure == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(failure);
        }
    }

    /** Tries once: what is not saved is repeated by the next run, so that failing here loses nothing. */
    private void saveAtEnd() {
        try {
            loop.letGo();
            session.saveAtEnd();
        } catch (StoreUnavailable | StoreClosed | CellOutcomeUnknown | SubscriptionTakenOver | LogDiverged e) {
            LOG.warn(
                    "subscription {}: the last checkpoint could not be saved, some events will be repeated: {}",
                    options.name(),
                    e.toString());
        }
    }

    @Override
    public SubscriptionStatus status() {
        return board.status();
    }

    @Override
    public boolean awaitPosition(Position position, Duration patience) {
        return board.await(position, patience);
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    @Override
    public void close() {
        stopping = true;
        task.end(() -> end(null));
    }

    /** Ends it now if no turn is running, else soon; never waits. */
    void closeWithoutWaiting() {
        stopping = true;
        task.endIfFree(() -> end(null));
    }

    /** Whether the caller is inside a handler of this subscription. */
    boolean isCaller() {
        return task.isMine();
    }
}
