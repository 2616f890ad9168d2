package dev.polylog.servers.postgres;

import dev.polylog.servers.Folders;
import dev.polylog.servers.FreePorts;
import dev.polylog.servers.LowUser;
import dev.polylog.servers.ProcessServer;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.ServerFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A PostgreSQL server from Maven artifacts: {@code postgres} itself as a direct child of this JVM.
 *
 * <p>Thread-safe.
 */
class PostgresProcess extends ProcessServer implements OwnPostgresServer {

    /** The only interface on which servers listen. */
    static final String LOOPBACK = "127.0.0.1";

    private final PostgresBinaries binaries;
    private final LowUser user;
    private final PostgresAccess access;

    PostgresProcess(ServerFolder folder, PostgresBinaries binaries, LowUser user, PostgresAccess access) {
        super(folder, "INT");
        this.binaries = binaries;
        this.user = user;
        this.access = access;
    }

    static PostgresProcess start(PostgresSettings settings) {
        LowUser user = LowUser.current();
        user.requireEntry(Folders.home());
        PostgresBinaries binaries = PostgresBinaries.unpacked();
        PostgresTemplate template = PostgresTemplate.ready(binaries, user);
        ServerFolder folder = ServerFolder.create("postgres");
        PostgresAccess access = new PostgresAccess(
                new ServerAddress(LOOPBACK, FreePorts.next()), "postgres", PostgresTemplate.USER, template.password());
        return started(new PostgresProcess(folder, binaries, user, access), made -> made.prepare(template, settings));
    }

    private void prepare(PostgresTemplate template, PostgresSettings settings) {
        try {
            Folders.copy(template.data(), data());
            PostgresSettings all = settings.with("listen_addresses", LOOPBACK)
                    .with("port", Integer.toString(access.address().port()))
                    .with("unix_socket_directories", "");
            Files.writeString(data().resolve("postgresql.conf"), all.lines(), StandardOpenOption.APPEND);
            user.own(data());
        } catch (IOException e) {
            throw new ServerFailure("cannot make the data folder of a PostgreSQL server " + data(), e);
        }
    }

    @Override
    public final PostgresAccess access() {
        return access;
    }

    @Override
    protected final List<String> command() {
        return user.command(List.of(binaries.program("postgres").toString(), "-D", data().toString()));
    }

    @Override
    protected final boolean serves() {
        return access.answers();
    }

    final Path data() {
        return folder().path().resolve("data");
    }

    final PostgresBinaries binaries() {
        return binaries;
    }

    final LowUser user() {
        return user;
    }
}
