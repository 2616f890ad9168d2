package dev.polylog.conformance.kurrentdb;

import io.kurrent.dbclient.Endpoint;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.KurrentDBClientSettings;
import io.kurrent.dbclient.KurrentDBConnectionString;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The server that is judged. Immutable and thread-safe.
 *
 * @param url its connection string; may hold a password
 * @param address host and port
 * @param version what it says it is
 */
record Judged(String url, String address, String version) {

    private static final long PATIENCE_SECONDS = 30;

    /**
     * Asks a server who it is.
     *
     * @throws Unusable if the URL makes no sense or nobody answers
     */
    static Judged at(String url) throws InterruptedException {
        KurrentDBClientSettings settings = settings(url);
        Endpoint first = settings.getHosts()[0];
        String address = first.getHost() + ":" + first.getPort();
        return new Judged(url, address, version(settings, address));
    }

    private static KurrentDBClientSettings settings(String url) {
        try {
            return KurrentDBConnectionString.parseOrThrow(url);
        } catch (RuntimeException e) {
            // Neither the string nor the parser's words are shown: they may hold a password.
            throw new Unusable("the URL cannot be used; expected kurrentdb://[user:password@]host:port[?tls=false]");
        }
    }

    private static String version(KurrentDBClientSettings settings, String address) throws InterruptedException {
        KurrentDBClient client = KurrentDBClient.create(settings);
        try {
            String version = client.getServerVersion()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .map(found -> found.getMajor() + "." + found.getMinor() + "." + found.getPatch())
                    .orElse("unknown");
            client.shutdown().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return version;
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            throw new Unusable("no KurrentDB answers at " + address + ": " + cause);
        }
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return "KurrentDB " + version + " at " + address;
    }

    /** The server cannot be judged at all. */
    static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }
}
