package dev.polylog.eventstoredb;

import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.eventstoredb.KurrentClients.Use;
import dev.polylog.eventstoredb.KurrentFailures.Meaning;
import dev.polylog.eventstoredb.KurrentFetch.Fetched;
import dev.polylog.eventstoredb.KurrentFetch.Page;
import dev.polylog.spi.support.Backoff;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kurrent.dbclient.AppendToStreamOptions;
import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.ReadStreamOptions;
import io.kurrent.dbclient.StreamState;
import io.kurrent.dbclient.WriteResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls of the client, each with a bound of our own: the client lets calls wait for ever while it connects. A client that
 * may be dead is replaced, and a call that surely had no effect is made again on the next one, a few times.
 *
 * <p>Thread-safe. Blocking. A call that fails throws {@link Failed} with what it failed with.
 */
final class KurrentCalls {

    /** How long the answer to a call may take beyond the deadline that the call itself has. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final int ATTEMPTS = 6;
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(50), Duration.ofMillis(800));

    private final KurrentConfig config;
    private final KurrentClients clients;

    KurrentCalls(KurrentConfig config, KurrentClients clients) {
        this.config = config;
        this.clients = clients;
    }

    /** A call failed; the cause says why. Never leaves the package. */
    static final class Failed extends Exception {

        private static final long serialVersionUID = 1L;

        Failed(Throwable cause) {
            super(cause);
        }

        Meaning meaning() {
            return KurrentFailures.of(reason());
        }

        Throwable reason() {
            Throwable cause = getCause();
            return cause == null ? this : KurrentFailures.cause(cause);
        }
    }

    /** Which attempt may be made again after a failure. */
    private interface Again {
        boolean after(Failed failure);
    }

    /** Appends; a failure of unknown outcome is final. */
    WriteResult append(String stream, StreamState expected, List<EventData> events) throws Failed {
        return append(stream, expected, events, answer -> answer);
    }

    /** Appends, and waits for what is made of the answer. */
    <T> T append(
            String stream,
            StreamState expected,
            List<EventData> events,
            Function<CompletableFuture<WriteResult>, CompletableFuture<T>> outcome)
            throws Failed {
        return write(client -> outcome.apply(client.appendToStream(
                stream,
                AppendToStreamOptions.get()
                        .streamState(expected)
                        .requiresLeader(true)
                        .deadline(config.timeout().toMillis()),
                events.iterator())));
    }

    /**
     * Any write; made again only where it surely had no effect: this node does not lead, or is gone. A client that found no
     * node at all has tried long enough.
     */
    <T> T write(Function<KurrentDBClient, CompletableFuture<T>> call) throws Failed {
        return make(
                call,
                failure -> failure.meaning() == Meaning.NOT_LEADER
                        || (failure.meaning() == Meaning.UNSENT && failure.reason() instanceof StatusRuntimeException));
    }

    /** Reads a stream; each attempt begins with a page of its own. */
    <P extends Page> Fetched<P> readStream(String stream, ReadStreamOptions options, Supplier<P> page) throws Failed {
        options.requiresLeader(true).deadline(config.timeout().toMillis());
        return make(
                client -> KurrentFetch.from(client.readStreamReactive(stream, options), page.get()),
                KurrentCalls::isReadAgain);
    }

    /** Reads everything; each attempt begins with a page of its own. */
    <P extends Page> Fetched<P> readAll(ReadAllOptions options, Supplier<P> page) throws Failed {
        options.requiresLeader(true).deadline(config.timeout().toMillis());
        return make(
                client -> KurrentFetch.from(client.readAllReactive(options), page.get()), KurrentCalls::isReadAgain);
    }

    /** Begins to read much of everything, once; returns at once, and ends in time. */
    <P extends Page> CompletableFuture<Fetched<P>> begin(ReadAllOptions options, P page) {
        options.requiresLeader(true).deadline(config.timeout().toMillis());
        try {
            KurrentDBClient client = clients.get(Use.READING);
            return KurrentFetch.from(client.readAllReactive(options), page)
                    .orTimeout(bound().toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((fetched, failure) -> {
                        if (failure != null && KurrentFailures.isClientSuspect(failure)) {
                            clients.giveUp(Use.READING, client);
                        }
                    });
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** A read may be made again whenever another connection may help. */
    private static boolean isReadAgain(Failed failure) {
        return failure.meaning() == Meaning.NOT_LEADER
                || (failure.reason() instanceof StatusRuntimeException status
                        && status.getStatus().getCode() == Status.Code.UNAVAILABLE);
    }

    private <T> T make(Function<KurrentDBClient, CompletableFuture<T>> call, Again again) throws Failed {
        long deadline = System.nanoTime() + config.timeout().toNanos();
        for (int attempt = 1; ; attempt++) {
            try {
                return once(call);
            } catch (Failed e) {
                if (clients.isClosed() || attempt >= ATTEMPTS || !again.after(e) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(
                        PAUSES.jittered(attempt, ThreadLocalRandom.current()).toNanos());
            }
        }
    }

    private <T> T once(Function<KurrentDBClient, CompletableFuture<T>> call) throws Failed {
        KurrentDBClient client = clients.get(Use.CALLS);
        try {
            return call.apply(client).get(bound().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed(e);
        } catch (TimeoutException e) {
            clients.giveUp(Use.CALLS, client);
            throw new Failed(e);
        } catch (ExecutionException | RuntimeException e) {
            if (KurrentFailures.isClientSuspect(e)) {
                clients.giveUp(Use.CALLS, client);
            }
            throw new Failed(e);
        }
    }

    private Duration bound() {
        return config.timeout().plus(GRACE);
    }

    /** The exception for a call that was only to read, or surely wrote nothing. */
    PolylogException known(String what, Failed failure) {
        return clients.isClosed() ? new StoreClosed() : KurrentFailures.known(config.address(), what, failure.reason());
    }

    String address() {
        return config.address();
    }

    Duration timeout() {
        return config.timeout();
    }
}
