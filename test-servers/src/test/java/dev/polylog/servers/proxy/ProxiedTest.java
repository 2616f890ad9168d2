package dev.polylog.servers.proxy;

import dev.polylog.servers.ServerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with a proxy, and with the server's end of what goes through it in its own hands. */
abstract class ProxiedTest {

    ServerSocket listener;
    FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        proxy = FaultProxy.to(new ServerAddress("127.0.0.1", listener.getLocalPort()));
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        listener.close();
    }
}
