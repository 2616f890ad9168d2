package dev.polylog.eventstoredb;

import dev.polylog.StoreClosed;
import io.kurrent.dbclient.ConnectionSettingsBuilder;
import io.kurrent.dbclient.Endpoint;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.KurrentDBClientSettings;
import io.kurrent.dbclient.NodePreference;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients: one for calls, one for listening, one for the echoes of appends, and one for reading ahead, so that none
 * ends the others' work when it reconnects, and no append waits behind what is read. All but the one for listening want
 * the leader. One that is dead, or that may hang, is given up at once and another one made; it ends by itself.
 *
 * <p>Thread-safe.
 */
final class KurrentClients {

    /** What a client is for. */
    enum Use {
        CALLS,
        LISTENING,
        ECHO,
        READING
    }

    private static final Logger LOG = LoggerFactory.getLogger(KurrentClients.class);

    private final KurrentConfig config;
    private final Map<Use, KurrentDBClient> current = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Void>> ending = new ConcurrentHashMap<>();
    private final AtomicLong ended = new AtomicLong();
    private volatile boolean closed;

    KurrentClients(KurrentConfig config) {
        this.config = config;
    }

    /** The client for a use; made where there is none. */
    KurrentDBClient get(Use use) {
        KurrentDBClient client = current.get(use);
        return client != null && !client.isShutdown() && !closed ? client : make(use);
    }

    private synchronized KurrentDBClient make(Use use) {
        if (closed) {
            throw new StoreClosed();
        }
        KurrentDBClient client = current.get(use);
        if (client != null && !client.isShutdown()) {
            return client;
        }
        KurrentDBClient fresh = KurrentDBClient.create(settings(use));
        current.put(use, fresh);
        return fresh;
    }

    boolean isClosed() {
        return closed;
    }

    /** Gives a client up. Others may have done so already. */
    synchronized void giveUp(Use use, KurrentDBClient client) {
        if (current.remove(use, client)) {
            end(client);
        }
    }

    private void end(KurrentDBClient client) {
        CompletableFuture<Void> end = client.shutdown();
        long number = ended.incrementAndGet();
        ending.put(number, end);
        var unused = end.whenComplete((nothing, failure) -> {
            ending.remove(number);
            if (failure != null) {
                LOG.debug("a client did not end well", failure);
            }
        });
    }

    private KurrentDBClientSettings settings(Use use) {
        KurrentDBClientSettings given = config.settings();
        ConnectionSettingsBuilder copy = KurrentDBClientSettings.builder()
                .dnsDiscover(given.isDnsDiscover())
                .maxDiscoverAttempts(given.getMaxDiscoverAttempts())
                .discoveryInterval(given.getDiscoveryInterval())
                .gossipTimeout(given.getGossipTimeout())
                .nodePreference(use == Use.LISTENING ? given.getNodePreference() : NodePreference.LEADER)
                .tls(given.isTls())
                .tlsVerifyCert(given.isTlsVerifyCert())
                .keepAliveInterval(given.getKeepAliveInterval())
                .keepAliveTimeout(given.getKeepAliveTimeout())
                .features(given.getFeatures().toArray(String[]::new));
        for (Endpoint host : given.getHosts()) {
            copy.addHost(host.getHost(), host.getPort());
        }
        given.getInterceptors().forEach(copy::addInterceptor);
        switch (use) {
            case ECHO, READING -> copy.addInterceptor(OnTheConnection.all());
            case CALLS -> copy.addInterceptor(OnTheConnection.appends());
            case LISTENING -> {}
        }
        secrets(given, copy);
        return copy.buildConnectionSettings();
    }

    private static void secrets(KurrentDBClientSettings given, ConnectionSettingsBuilder copy) {
        if (given.getDefaultCredentials() != null) {
            copy.defaultCredentials(given.getDefaultCredentials());
        }
        if (given.getDefaultClientCertificate() != null) {
            copy.defaultClientCertificate(given.getDefaultClientCertificate());
        }
        String ca = given.getTlsCaFile();
        if (ca != null) {
            copy.tlsCaFile(ca);
        }
    }

    /** Ends all clients; calls under way end either way. */
    void close(Duration bound) {
        synchronized (this) {
            closed = true;
            current.values().forEach(this::end);
            current.clear();
        }
        try {
            CompletableFuture.allOf(ending.values().toArray(CompletableFuture[]::new))
                    .get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{}: a client did not end within {} ms", config.address(), bound.toMillis(), e);
        }
    }
}
