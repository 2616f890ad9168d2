package dev.polylog.postgres;

import dev.polylog.EventStore;
import dev.polylog.servers.postgres.OwnPostgresServer;
import dev.polylog.servers.postgres.PostgresServers;
import dev.polylog.tck.faults.FaultLoad;
import java.time.Duration;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The server is killed again and again under eight writers and a subscription (rules F-02, A-16, S-07). The number of
 * kills is {@code -Dpolylog.kills}; it ends early, not before three kills, where the machine is slow.
 */
class PostgresCrashTest {

    private static final int WRITERS = 8;
    private static final int KILLS = Integer.getInteger("polylog.kills", 30);
    private static final Duration BOUND = Duration.ofSeconds(2L * KILLS);

    @Test
    void no_acknowledged_event_is_lost_doubled_or_torn() throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        try (OwnPostgresServer server = PostgresServers.own()) {
            PostgresConfig config = TestLog.config(server.access())
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
            try (PostgresBackend backend = PostgresBackend.open(config);
                    EventStore follower = EventStore.over(PostgresBackend.open(config));
                    FaultLoad load = FaultLoad.begin(seed, follower, Collections.nCopies(WRITERS, backend))) {
                killAgainAndAgain(server, new Random(seed));
                load.judge(backend);
            }
        }
    }

    private static void killAgainAndAgain(OwnPostgresServer server, Random random) throws InterruptedException {
        long end = System.nanoTime() + BOUND.toNanos();
        int kills = 0;
        while (kills < KILLS && (kills < 3 || System.nanoTime() < end)) {
            Thread.sleep(100 + random.nextInt(300));
            server.kill();
            server.restart();
            kills++;
        }
    }
}
