package dev.polylog.kafka;

import dev.polylog.IncompatibleLayout;
import dev.polylog.LogDiverged;
import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/**
 * The one place that says what a failure of Kafka's client means.
 *
 * <p>A record is written for certain, not written for certain, or in doubt; only what the broker refuses by looking at the
 * record itself, on every attempt, is certainly not written. Everything else is in doubt: the client repeats requests, and
 * an attempt before the one that failed may have been taken. Stateless and thread-safe.
 */
final class KafkaFailures {

    /** What became of a record whose send failed. */
    enum Meaning {
        /** It is not in the log and will not be. */
        NOT_WRITTEN,
        /** It may be in the log, or come to be. */
        IN_DOUBT
    }

    private static final int MOST_CAUSES = 20;

    private KafkaFailures() {}

    /** What a failure means that the client told after it had accepted the record. */
    static Meaning ofSend(Throwable failure) {
        return failure instanceof RecordTooLargeException ? Meaning.NOT_WRITTEN : Meaning.IN_DOUBT;
    }

    /** Whether the log is no longer what was read of it: its tail is gone, or its beginning. */
    static boolean isDivergence(Throwable failure) {
        // A truncation is told as an offset out of range as well.
        return failure instanceof OffsetOutOfRangeException;
    }

    /** A failure after which nothing was written. */
    static PolylogException known(String address, String doing, Throwable failure) {
        Throwable cause = cause(failure);
        String what = address + ": " + doing + " failed: " + message(cause) + root(cause);
        if (cause instanceof UnsupportedVersionException) {
            return new IncompatibleLayout(what + ". The brokers are too old: use Kafka 3.9 or later", cause);
        }
        if (cause instanceof SslAuthenticationException) {
            return new StoreUnavailable(
                    what
                            + ". The broker's certificate must be for the host that was named, and be trusted: by this machine,"
                            + " or by the file that ssl.truststore.location names; nothing was written",
                    cause);
        }
        if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
            return new StoreUnavailable(what + ". The log-in or its rights do not suffice; nothing was written", cause);
        }
        return new StoreUnavailable(what + "; nothing was written", cause);
    }

    /** A failure of a question to brokers that may not have been talked to before. */
    static PolylogException asked(String address, String doing, Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof TimeoutException || cause instanceof java.util.concurrent.TimeoutException) {
            return new StoreUnavailable(
                    address + ": " + doing
                            + " failed: no broker answered in time. Look whether the addresses are right,"
                            + " and whether the brokers ask for TLS (tls=true) or for a log-in (sasl); nothing was written",
                    cause);
        }
        return known(address, doing, failure);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** A failure once more, for somebody else to throw. */
    static RuntimeException again(PolylogException failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof StoreClosed) {
            return new StoreClosed();
        }
        if (failure instanceof IncompatibleLayout) {
            return new IncompatibleLayout(message, failure);
        }
        if (failure instanceof LogDiverged) {
            return new LogDiverged(message);
        }
        return new StoreUnavailable(message, failure);
    }

    /** What lies at the bottom of it, which the client often does not say. */
    private static String root(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < MOST_CAUSES; depth++) {
            root = root.getCause();
        }
        return root == failure ? "" : " (" + message(root) + ")";
    }

    static String message(@Nullable Throwable failure) {
        if (failure == null) {
            return "no reason was given";
        }
        String message = failure.getMessage();
        return failure.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }
}
