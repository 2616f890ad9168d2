package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.ControlledServer;
import dev.polylog.servers.FreePorts;
import dev.polylog.servers.OwnCertificate;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.ServerState;
import dev.polylog.servers.kurrentdb.log.Database;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A single protocol server in this process.
 *
 * <p>Tests get it from {@link KurrentServers}. Its data outlives stopping and killing; without a file it is gone when
 * closed, with one it is written and synchronized before an append is acknowledged. After every restart the memory of
 * recent ids is empty, as a real server's. Thread-safe.
 */
public final class KurrentServer implements ControlledServer, KurrentTarget, Standing {

    private final KurrentVersion version;
    private final @Nullable Path file;
    private final ServerCredentials credentials;
    private final int port = FreePorts.next();
    private volatile Duration delay = Duration.ZERO;
    private Database database;
    private Node node;
    private ServerState state = ServerState.RUNNING;

    private KurrentServer(KurrentVersion version, @Nullable Path file, ServerCredentials credentials) {
        this.version = version;
        this.file = file;
        this.credentials = credentials;
        this.database = open();
        this.node = listen();
    }

    /**
     * Starts a server whose data is in memory.
     *
     * @param version whose behaviour it shows
     * @return the running server
     */
    public static KurrentServer inMemory(KurrentVersion version) {
        return new KurrentServer(version, null, InsecureServerCredentials.create());
    }

    /**
     * Starts a server whose data is in a file, and there already if the file is.
     *
     * @param version whose behaviour it shows
     * @param file the file
     * @return the running server
     */
    public static KurrentServer in(KurrentVersion version, Path file) {
        return new KurrentServer(version, file, InsecureServerCredentials.create());
    }

    /**
     * Starts a server whose data is in memory and that is talked to by TLS; its {@link #url()} names no certificate.
     *
     * @param version whose behaviour it shows
     * @param certificate what it shows to its clients
     * @return the running server
     * @throws ServerFailure if the certificate cannot be read
     */
    public static KurrentServer guarded(KurrentVersion version, OwnCertificate certificate) {
        ServerCredentials tls =
                TlsServerCredentials.newBuilder().keyManager(certificate.keys()).build();
        return new KurrentServer(version, null, tls);
    }

    private Database open() {
        return file == null ? Database.inMemory(KurrentServer::ticks) : Database.in(file, KurrentServer::ticks);
    }

    /** The time in 100 ns since the Unix epoch. */
    static long ticks() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 10_000_000 + now.getNano() / 100;
    }

    private Node listen() {
        return new Node(database, version, this, port, credentials, delay).start();
    }

    @Override
    public ServerAddress address() {
        return new ServerAddress("127.0.0.1", port);
    }

    @Override
    public String url() {
        return "kurrentdb://" + address() + "?tls=" + (credentials instanceof TlsServerCredentials);
    }

    /**
     * Makes every call take longer.
     *
     * @param each how much
     */
    public synchronized void slow(Duration each) {
        delay = each;
        node.gate().slow(each);
    }

    /** Forgets which ids were written lately, as when too much was written since. */
    public synchronized void forgetIds() {
        database.forgetIds();
    }

    @Override
    public synchronized ServerState state() {
        return state;
    }

    @Override
    public void stop() {
        kill();
    }

    @Override
    public synchronized void kill() {
        require(state == ServerState.RUNNING || state == ServerState.PAUSED);
        node.end();
        if (file == null) {
            database.forgetIds();
        } else {
            database.close();
        }
        state = ServerState.STOPPED;
    }

    @Override
    public synchronized void pause() {
        require(state == ServerState.RUNNING);
        node.gate().pause();
        state = ServerState.PAUSED;
    }

    @Override
    public synchronized void resume() {
        require(state == ServerState.PAUSED);
        node.gate().resume();
        state = ServerState.RUNNING;
    }

    @Override
    public synchronized void restart() {
        require(state != ServerState.CLOSED);
        if (state != ServerState.STOPPED) {
            kill();
        }
        database = file == null ? database : open();
        node = listen();
        state = ServerState.RUNNING;
    }

    private void require(boolean possible) {
        if (!possible) {
            throw new ServerFailure("the protocol server at " + address() + " is " + state);
        }
    }

    @Override
    public synchronized void close() {
        if (state == ServerState.RUNNING || state == ServerState.PAUSED) {
            kill();
        }
        if (state != ServerState.CLOSED && file == null) {
            database.close();
        }
        state = ServerState.CLOSED;
    }

    @Override
    public boolean isLeader() {
        return true;
    }

    @Override
    public @Nullable ServerAddress leader() {
        return address();
    }

    @Override
    public List<Member> members() {
        return List.of(new Member(address(), true, true));
    }

    /**
     * Where the data is.
     *
     * @return the file, or empty where the data is in memory
     */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }
}
