package dev.polylog.kafka;

import dev.polylog.PolylogException;
import dev.polylog.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the topic's settings again while the log is open: every ten minutes, and at once where a record of another log
 * turns up. Nothing is appended while a setting would lose it; reads go on.
 *
 * <p>One thread of its own. Thread-safe.
 */
final class KafkaTopicWatch implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaTopicWatch.class);
    private static final Duration EVERY = Duration.ofMinutes(10);

    private final KafkaConfig config;
    private final KafkaClients clients;
    private final KafkaView view;
    private final Uuid topicId;
    private final Semaphore calls = new Semaphore(0);
    private volatile boolean stopped;
    private volatile List<String> problems = List.of();

    KafkaTopicWatch(KafkaConfig config, KafkaClients clients, KafkaView view, Uuid topicId) {
        this.config = config;
        this.clients = clients;
        this.view = view;
        this.topicId = topicId;
    }

    /** Throws what is wrong with the topic, where the last look found something. */
    void requireSound() {
        List<String> found = problems;
        if (!found.isEmpty()) {
            throw new StoreUnavailable(
                    config.address() + ": nothing is appended as long as " + String.join("; ", found)
                            + ". Nothing was written",
                    null);
        }
    }

    /** Has the topic looked at soon. */
    void look() {
        calls.release();
    }

    void stop() {
        stopped = true;
        calls.release();
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                boolean called = calls.tryAcquire(EVERY.toMillis(), TimeUnit.MILLISECONDS);
                calls.drainPermits();
                if (!stopped) {
                    LOG.debug("looking at the topic again, asked to: {}", called);
                    check();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody but us interrupts: the end
        }
    }

    private void check() {
        try {
            Optional<KafkaTopic> topic = clients.ask(admin -> KafkaTopic.look(config, admin));
            problems = topic.map(there -> there.problems(config)).orElse(List.of());
            if (!problems.isEmpty()) {
                LOG.error("{}: nothing is appended any more: {}", config.address(), problems);
            }
            if (!topic.map(KafkaTopic::id).equals(Optional.of(topicId))) {
                view.diverged("it was deleted or made anew");
            }
        } catch (PolylogException e) {
            LOG.warn("the topic's settings cannot be looked at now: {}", e.getMessage());
        }
    }
}
