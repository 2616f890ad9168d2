package dev.polylog.tck.report;

import dev.polylog.spi.LogBackend;
import dev.polylog.tck.AppendTck;
import dev.polylog.tck.CellTck;
import dev.polylog.tck.HistoryTck;
import dev.polylog.tck.IdempotencyTck;
import dev.polylog.tck.LifecycleTck;
import dev.polylog.tck.ReadAllTck;
import dev.polylog.tck.ReadStreamTck;
import dev.polylog.tck.SignalTck;
import dev.polylog.tck.SubscriptionTck;
import dev.polylog.tck.TckHarness;
import dev.polylog.tck.Unreachable;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;

/**
 * The whole kit for whatever store {@link TckRunner} was told to judge. JUnit makes it; one run at a time.
 */
@SuppressWarnings("ClassCanBeStatic") // JUnit's nested classes are inner classes
public class AnyStoreKit implements TckHarness {

    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();
    private static volatile @Nullable TckHarness judged;

    /** Made by JUnit. */
    public AnyStoreKit() {}

    /** Runs something while this class judges that store. */
    static <T> T judging(TckHarness store, Supplier<T> run) {
        ONE_AT_A_TIME.lock();
        try {
            judged = store;
            return run.get();
        } finally {
            judged = null;
            ONE_AT_A_TIME.unlock();
        }
    }

    private static TckHarness judged() {
        TckHarness store = judged;
        if (store == null) {
            throw new IllegalStateException("this class is run by TckRunner only");
        }
        return store;
    }

    @Override
    public LogBackend open() {
        return judged().open();
    }

    @Override
    public Unreachable unreachable() {
        return judged().unreachable();
    }

    @Override
    public Duration patience() {
        return judged().patience();
    }

    /** Chapter A. */
    @Nested
    class Append extends AppendTck {}

    /** Chapter I. */
    @Nested
    class Idempotency extends IdempotencyTck {}

    /** Chapter R. */
    @Nested
    class ReadStream extends ReadStreamTck {}

    /** Chapter G. */
    @Nested
    class ReadAll extends ReadAllTck {}

    /** Chapter N. */
    @Nested
    class Signals extends SignalTck {}

    /** Chapter S. */
    @Nested
    class Subscriptions extends SubscriptionTck {}

    /** Chapter K. */
    @Nested
    class Cells extends CellTck {}

    /** Chapter L. */
    @Nested
    class Lifecycle extends LifecycleTck {}

    /** Whole histories, and random commands beside the reference. */
    @Nested
    class Histories extends HistoryTck {}
}
