package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.OwnCertificate;
import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.ServerSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Hands out KurrentDB servers.
 *
 * <p>Tests call it. {@code -Dpolylog.kurrentdb.url} names a server that runs already (for {@link #any} only),
 * {@code -Dpolylog.servers=docker} asks for a container, and without either the protocol server in this process takes its
 * place. Thread-safe.
 */
public final class KurrentServers {

    private KurrentServers() {}

    /**
     * A server to test against, a real one where there is one.
     *
     * @param version whose behaviour the protocol server shows, where it is that
     * @return a running server, to be closed by the caller
     * @throws ServerFailure if it cannot be started or reached
     */
    public static KurrentTarget any(KurrentVersion version) {
        String url = addressed();
        if (url != null) {
            return new AddressedKurrent(url);
        }
        return ServerSource.start(() -> own(version), () -> KurrentContainer.start());
    }

    /**
     * The connection string that the system property names.
     *
     * @return the string, or null where there is none
     */
    public static @Nullable String addressed() {
        return System.getProperty("polylog.kurrentdb.url");
    }

    /**
     * The protocol server, with its data in memory, talked to by TLS.
     *
     * @param version whose behaviour it shows
     * @param certificate what it shows to its clients
     * @return a running server, to be closed by the caller
     * @throws ServerFailure if the certificate cannot be read
     */
    public static KurrentServer guarded(KurrentVersion version, OwnCertificate certificate) {
        return KurrentServer.guarded(version, certificate);
    }

    /**
     * The protocol server, with its data in memory.
     *
     * @param version whose behaviour it shows
     * @return a running server, to be closed by the caller
     */
    public static KurrentServer own(KurrentVersion version) {
        return KurrentServer.inMemory(version);
    }

    /**
     * The protocol server, with its data in a file.
     *
     * @param version whose behaviour it shows
     * @param file the file, made where there is none
     * @return a running server, to be closed by the caller
     */
    public static KurrentServer durable(KurrentVersion version, Path file) {
        return KurrentServer.in(version, file);
    }

    /**
     * Two protocol servers over one log, a leader and a follower.
     *
     * @param version whose behaviour they show
     * @return a running cluster, to be closed by the caller
     */
    public static KurrentCluster cluster(KurrentVersion version) {
        return KurrentCluster.start(version);
    }
}
