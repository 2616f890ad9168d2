package dev.polylog.servers.kafka;

import dev.polylog.servers.ServerAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Asks a broker whether it serves. Stateless and thread-safe. */
final class KafkaCalls {

    private KafkaCalls() {}

    /** Whether a controller is known and the broker is a member of its cluster: from then on topics can be made. */
    static boolean answers(ServerAddress address, Duration patience) {
        int millis = (int) patience.toMillis();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                address.toString(),
                "request.timeout.ms",
                millis,
                "default.api.timeout.ms",
                millis,
                "enable.metrics.push",
                false,
                "reconnect.backoff.max.ms",
                100);
        Admin admin = Admin.create(settings);
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            admin.close(Duration.ZERO);
        }
    }
}
