package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.kurrentdb.log.Database;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One listening node from its start to its end; a restart is a new one on the same port.
 *
 * <p>Messages up to 16 MiB; clients may ping as often as they like, also without calls, as KurrentDB lets them.
 * Thread-safe.
 */
final class Node {

    private static final int MAX_MESSAGE_BYTES = (16 << 20) + (64 << 10);
    private static final Duration END = Duration.ofSeconds(10);

    private final Server server;
    private final Gate gate = new Gate();
    private final ExecutorService threads;

    /**
     * A node that does not listen yet.
     *
     * @param credentials what it shows to its clients, or that it takes them without TLS
     */
    Node(
            Database database,
            KurrentVersion version,
            Standing standing,
            int port,
            ServerCredentials credentials,
            Duration delay) {
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "kurrentdb-" + port + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        gate.slow(delay);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), credentials)
                .executor(threads)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .intercept(gate)
                .addService(new StreamsCalls(database, version, standing, gate, threads))
                .addService(new FeatureCalls(version))
                .addService(new GossipCalls(standing));
        if (version.appendsToSeveralStreams()) {
            builder.addService(new SessionCalls(database, version, standing, gate));
        }
        this.server = builder.build();
    }

    /** Listens. */
    Node start() {
        try {
            server.start();
            return this;
        } catch (IOException e) {
            threads.shutdown();
            throw new ServerFailure("a protocol server cannot listen", e);
        }
    }

    ServerAddress address() {
        return new ServerAddress("127.0.0.1", server.getPort());
    }

    Gate gate() {
        return gate;
    }

    /** Breaks every connection; nothing that is under way is answered any more. */
    void end() {
        gate.cut();
        server.shutdownNow();
        try {
            if (!server.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ServerFailure("the protocol server at " + address() + " did not end within " + END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerFailure("interrupted while ending the protocol server", e);
        } finally {
            threads.shutdown();
        }
    }
}
