package dev.polylog.postgres;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import javax.net.SocketFactory;
import org.postgresql.Driver;

/**
 * Sockets for connections that wait for notifications: where the driver has read one, it waits a millisecond for another
 * before it hands over what it has. Here it learns at once that nothing more has come, which brings a live subscription
 * its events a millisecond earlier.
 *
 * <p>Public because the PostgreSQL driver makes it by its name; nobody else calls it. Thread-safe.
 */
public final class PromptSocketFactory extends SocketFactory {

    /** The driver connects sockets itself, with its timeout; those that are connected already need not be prompt. */
    private static final SocketFactory ORDINARY = SocketFactory.getDefault();

    /** For the driver. */
    public PromptSocketFactory() {
        // Nothing to keep: the driver needs this to be public.
    }

    /** Whether the driver can find this class by its name: not where it was loaded far above, as in some containers. */
    static boolean isKnownToDriver() {
        try {
            Class<?> found = Class.forName(PromptSocketFactory.class.getName(), false, Driver.class.getClassLoader());
            return found == PromptSocketFactory.class;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * A socket that is not connected yet.
     *
     * @return the socket
     */
    @Override
    public Socket createSocket() {
        return new PromptSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return ORDINARY.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return ORDINARY.createSocket(host, port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return ORDINARY.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return ORDINARY.createSocket(host, port, local, localPort);
    }

    /** Waits as any socket does, but for the driver's shortest wait, which is none. */
    private static final class PromptSocket extends Socket {

        private static final int SHORTEST = 1;

        private volatile boolean waits = true;

        @Override
        public synchronized void setSoTimeout(int millis) throws SocketException {
            super.setSoTimeout(millis);
            waits = millis != SHORTEST;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {

                @Override
                public int read() throws IOException {
                    requireSomething();
                    return super.read();
                }

                @Override
                public int read(byte[] bytes, int from, int count) throws IOException {
                    requireSomething();
                    return super.read(bytes, from, count);
                }

                private void requireSomething() throws IOException {
                    if (!waits && available() == 0) {
                        throw new SocketTimeoutException("nothing has come");
                    }
                }
            };
        }
    }
}
