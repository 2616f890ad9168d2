package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.postgres.PostgresConfig.Pooler;
import dev.polylog.postgres.PostgresConfig.Signalling;
import dev.polylog.servers.proxy.Ending;
import dev.polylog.servers.proxy.FaultPlan;
import dev.polylog.servers.proxy.FaultProxy;
import dev.polylog.servers.proxy.Faults;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.StreamRead;
import dev.polylog.tck.AppendTck;
import dev.polylog.tck.IdempotencyTck;
import dev.polylog.tck.SignalTck;
import dev.polylog.tck.TckHarness;
import dev.polylog.tck.Unreachable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The backend as it is behind a pooler in transaction mode: nothing of a session is used. */
class PostgresPoolerTckTest implements TckHarness {

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    private static PostgresConfig.Builder pooled() {
        return TestLog.patient(LOG.access()).pooler(Pooler.TRANSACTION).signal(Signalling.POLL);
    }

    @Override
    public LogBackend open() {
        return PostgresBackend.open(pooled().build());
    }

    @Override
    public Unreachable unreachable() {
        return new Unreachable.At(
                "postgresql://app:s3cr3t-word@127.0.0.1:1/nowhere?connectTimeout=2s&pooler=transaction",
                "127.0.0.1:1",
                List.of("s3cr3t-word"));
    }

    /** The server process is not known, so nobody can end it: the deadline has to pass. */
    @Test
    void a_lost_answer_is_resolved_by_waiting_for_the_deadline() {
        try (FaultProxy proxy = FaultProxy.to(LOG.access().address());
                PostgresBackend proxied =
                        PostgresBackend.open(TestLog.config(LOG.access().through(proxy.address()))
                                .pooler(Pooler.TRANSACTION)
                                .signal(Signalling.POLL)
                                .lockTimeout(Duration.ofMillis(200))
                                .build())) {
            proxied.append(TestLog.append("answered", ExpectedVersion.noStream(), TestLog.event()));
            proxy.planOnce(FaultPlan.toClient(Faults.none().cut(0, Ending.RESET)));
            assertThatThrownBy(
                            () -> proxied.append(TestLog.append("lost", ExpectedVersion.noStream(), TestLog.event())))
                    .isInstanceOfSatisfying(AppendOutcomeUnknown.class, unknown -> {
                        boolean there = unknown.resolve().isPresent();
                        assertThat(proxied.readStream(StreamRead.forwards(StreamId.of("lost"), 1, 10))
                                        .streamVersion())
                                .isEqualTo(there ? 1 : 0);
                    });
        }
    }

    @Nested
    class Append extends AppendTck {}

    @Nested
    class Idempotency extends IdempotencyTck {}

    @Nested
    class Signal extends SignalTck {}
}
