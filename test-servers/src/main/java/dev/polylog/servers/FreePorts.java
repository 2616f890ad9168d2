package dev.polylog.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses ports for servers that must find their port free again after a restart.
 *
 * <p>Ports come from below the ranges that operating systems hand out to outgoing connections: while a server is down,
 * nobody's outgoing connection can take its port, and a client that keeps trying to reach the dead server can not be
 * connected to itself. Thread-safe.
 */
public final class FreePorts {

    private static final int LEAST = 20_000;
    private static final int MOST = 32_000;

    private FreePorts() {}

    /**
     * A port of the loopback interface on which nobody listens now.
     *
     * @return a port from 20000 up to 31999
     * @throws ServerFailure if 1,000 attempts found none
     */
    public static int next() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LEAST, MOST);
            if (free(port)) {
                return port;
            }
        }
        throw new ServerFailure("no free port between " + LEAST + " and " + MOST + " on the loopback interface");
    }

    private static boolean free(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
