package dev.polylog.servers.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Random;

/** Both ends of a connection that goes through a proxy, in the hands of one test. */
record Wire(Socket client, Socket server) implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 30_000;

    static Wire through(FaultProxy proxy, ServerSocket listener) throws IOException {
        Socket client = new Socket(
                InetAddress.getByName(proxy.address().host()), proxy.address().port());
        Socket server = listener.accept();
        client.setSoTimeout(PATIENCE_MILLIS);
        server.setSoTimeout(PATIENCE_MILLIS);
        return new Wire(client, server);
    }

    static byte[] data(int length, long seed) {
        byte[] data = new byte[length];
        new Random(seed).nextBytes(data);
        return data;
    }

    /** The same wire seen from the server's end. */
    Wire turned() {
        return new Wire(server, client);
    }

    void send(byte[] data) throws IOException {
        client.getOutputStream().write(data);
    }

    byte[] receive(int length) throws IOException {
        return server.getInputStream().readNBytes(length);
    }

    /** How the receiving end sees what comes next. */
    static String next(Socket end) throws IOException {
        try {
            int next = end.getInputStream().read();
            return next < 0 ? "end" : "byte " + next;
        } catch (SocketTimeoutException e) {
            return "silence";
        } catch (IOException e) {
            return "reset";
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
