package dev.polylog.servers.proxy;

import java.io.IOException;
import java.net.Socket;
import java.util.SplittableRandom;

/**
 * One connection through a proxy: two sockets and a pump for each direction.
 *
 * <p>Thread-safe.
 */
final class ProxiedConnection {

    private static final int CONNECT_MILLIS = 10_000;

    private final FaultProxy proxy;
    private final int number;
    private final Socket client;
    private final Socket server = new Socket();
    private final Pump toServer;
    private final Pump toClient;
    private final Thread upward;
    private final Thread downward;
    private int finished;
    private boolean closed;

    ProxiedConnection(FaultProxy proxy, int number, Socket client) {
        this.proxy = proxy;
        this.number = number;
        this.client = client;
        SplittableRandom seeded = new SplittableRandom(number);
        this.toServer = new Pump(this, client, server, seeded.split());
        this.toClient = new Pump(this, server, client, seeded.split());
        String name = "fault-proxy-" + proxy.address().port() + "-" + number;
        this.upward = daemon(this::connect, name + "-to-server");
        this.downward = daemon(toClient, name + "-to-client");
    }

    void start() {
        upward.start();
    }

    int number() {
        return number;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    Traffic traffic() {
        return new Traffic(number, toServer.passed(), toClient.passed(), !isClosed());
    }

    void apply(FaultPlan plan) {
        toServer.apply(plan.toServer());
        toClient.apply(plan.toClient());
    }

    /** A pump has reached the end that its faults say. */
    void cut(Pump pump, Ending ending) {
        if (isClosed() || !proxy.claims(this)) {
            return;
        }
        switch (ending) {
            case RESET -> reset();
            case CLOSE -> {
                toServer.finish();
                toClient.finish();
            }
            case HALF_CLOSE -> pump.finish();
            case BLACK_HOLE -> {
                // The pump holds what comes until another plan is there.
            }
        }
    }

    /** A pump has read its stream to the end; with both of them the connection is over. */
    void finished(Pump pump) {
        synchronized (this) {
            finished++;
            if (finished < 2) {
                return;
            }
        }
        close();
    }

    /** Ends the connection with a reset to both sides. */
    void reset() {
        resetOnClose(client);
        resetOnClose(server);
        close();
    }

    private static void resetOnClose(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException alreadyClosed) {
            // Then its reset, or its end, is on the way already.
        }
    }

    void close() {
        synchronized (this) {
            closed = true;
        }
        toServer.end();
        toClient.end();
        closeQuietly(client);
        closeQuietly(server);
    }

    /** Waits until no thread of this connection runs; after {@link #close()} or {@link #reset()}. */
    void join() throws InterruptedException {
        upward.join();
        downward.join();
    }

    private void connect() {
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(proxy.target().socketAddress(), CONNECT_MILLIS);
            toServer.open();
            toClient.open();
        } catch (IOException unreachable) {
            reset();
            return;
        }
        // The plan comes first: not a byte passes without it.
        proxy.connected(this);
        downward.start();
        toServer.run();
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nobody waits for anything from a socket that is given up.
        }
    }
}
