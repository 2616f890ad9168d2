package dev.polylog.servers.proxy;

import dev.polylog.servers.FreePorts;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy in front of a server, which does to the bytes what the test's plan says.
 *
 * <p>Tests put it between their code and any server. Connections are numbered from 0 in the order in which they come. A
 * plan counts bytes from the moment that it is put in force, or from a later connection's beginning, and takes effect at
 * once: also on connections over which nothing moves. Bytes pass in the order and number in which they came; a reset by
 * one side reaches the other as a reset. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int BACKLOG = 256;

    private final ServerAddress target;
    private final ServerAddress address;
    private final ServerSocket listener;
    private final Thread acceptor;
    private final List<ProxiedConnection> connections = new ArrayList<>();
    private final List<ProxiedConnection> connected = new ArrayList<>();

    private IntFunction<FaultPlan> plans = connection -> FaultPlan.none();
    private boolean once;
    private @Nullable ProxiedConnection spentOn;
    private boolean closed;

    private FaultProxy(ServerAddress target, ServerAddress address, ServerSocket listener) {
        this.target = target;
        this.address = address;
        this.listener = listener;
        this.acceptor = new Thread(this::accept, "fault-proxy-" + address.port());
        this.acceptor.setDaemon(true);
    }

    /**
     * Starts a proxy without faults.
     *
     * @param server to whom connections go
     * @return a proxy that listens on the loopback interface
     */
    public static FaultProxy to(TestServer server) {
        return to(server.address());
    }

    /**
     * Starts a proxy without faults.
     *
     * @param target where connections go
     * @return a proxy that listens on the loopback interface
     * @throws ServerFailure if it cannot listen
     */
    public static FaultProxy to(ServerAddress target) {
        ServerAddress address = new ServerAddress("127.0.0.1", FreePorts.next());
        try {
            ServerSocket listener = new ServerSocket(address.port(), BACKLOG, InetAddress.getByName(address.host()));
            FaultProxy proxy = new FaultProxy(target, address, listener);
            proxy.acceptor.start();
            return proxy;
        } catch (IOException e) {
            throw new ServerFailure("a fault proxy cannot listen at " + address, e);
        }
    }

    /**
     * Where clients connect to.
     *
     * @return the proxy's own address
     */
    public ServerAddress address() {
        return address;
    }

    ServerAddress target() {
        return target;
    }

    /**
     * Puts a plan in force on every connection, open or to come.
     *
     * @param plan the same for each; each counts its own bytes
     */
    public void plan(FaultPlan plan) {
        planEach(connection -> plan);
    }

    /**
     * Puts a plan in force on every connection until it has cut one of them; from then on the others, and all that come,
     * are without faults.
     *
     * @param plan the plan for one cut
     */
    public synchronized void planOnce(FaultPlan plan) {
        // Said before the plan is there: it may cut at once.
        once = true;
        spentOn = null;
        use(connection -> plan);
    }

    /**
     * Puts a plan in force on each connection, open or to come, by its number.
     *
     * @param choice the plan of each connection, a pure function
     */
    public synchronized void planEach(IntFunction<FaultPlan> choice) {
        once = false;
        spentOn = null;
        use(choice);
    }

    /**
     * What has passed so far.
     *
     * @return one entry a connection, by its number
     */
    public synchronized List<Traffic> traffic() {
        return connections.stream().map(ProxiedConnection::traffic).toList();
    }

    /**
     * Closes all connections and stops listening. No thread and no socket of the proxy is left.
     *
     * @throws ServerFailure if the caller is interrupted while waiting for the threads
     */
    @Override
    public void close() {
        List<ProxiedConnection> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(connections);
        }
        try {
            listener.close();
            all.forEach(ProxiedConnection::close);
            acceptor.join();
            for (ProxiedConnection connection : all) {
                connection.join();
            }
        } catch (IOException e) {
            throw new ServerFailure("the fault proxy at " + address + " cannot stop listening", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerFailure("interrupted while closing the fault proxy at " + address, e);
        }
    }

    /** Whether a plan for one cut is this connection's to use; the first who asks has it. */
    synchronized boolean claims(ProxiedConnection connection) {
        if (!once || spentOn == connection) {
            return true;
        }
        if (spentOn != null) {
            return false;
        }
        spentOn = connection;
        plans = other -> FaultPlan.none();
        connected.stream().filter(other -> other != connection).forEach(other -> other.apply(FaultPlan.none()));
        return true;
    }

    private synchronized void use(IntFunction<FaultPlan> choice) {
        plans = choice;
        connected.removeIf(ProxiedConnection::isClosed);
        // A plan for one cut that is spent on the way replaces itself.
        for (ProxiedConnection connection : connected) {
            connection.apply(plans.apply(connection.number()));
        }
    }

    private void accept() {
        while (true) {
            Socket client;
            try {
                client = listener.accept();
            } catch (IOException closedListener) {
                return;
            }
            begin(client);
        }
    }

    private synchronized void begin(Socket client) {
        ProxiedConnection connection = new ProxiedConnection(this, connections.size(), client);
        connections.add(connection);
        if (closed) {
            connection.close();
            return;
        }
        connection.start();
    }

    /** A connection has reached the server; only now can it be cut. */
    synchronized void connected(ProxiedConnection connection) {
        connected.add(connection);
        connection.apply(plans.apply(connection.number()));
    }
}
