package dev.polylog.servers.postgres;

import dev.polylog.servers.ContainerServer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A PostgreSQL server in a container of the official image.
 *
 * <p>Thread-safe.
 */
final class PostgresContainer extends ContainerServer implements OwnPostgresServer {

    private static final int PORT = 5432;

    private final PostgresAccess access;

    private PostgresContainer(GenericContainer<?> container, String password) {
        super(container, PORT);
        this.access = new PostgresAccess(address(), "postgres", PostgresTemplate.USER, password);
    }

    @SuppressWarnings("resource") // closed by the server
    static PostgresContainer start(PostgresSettings settings) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(PostgresVersion.image()))
                .withEnv("POSTGRES_USER", PostgresTemplate.USER)
                .withEnv("POSTGRES_PASSWORD", password)
                .withEnv("POSTGRES_DB", "postgres")
                .withEnv("POSTGRES_INITDB_ARGS", String.join(" ", PostgresTemplate.locale(PostgresVersion.major())))
                .withCommand(command(settings).toArray(String[]::new));
        return started(new PostgresContainer(container, password));
    }

    private static List<String> command(PostgresSettings settings) {
        List<String> command = new ArrayList<>(List.of("postgres"));
        settings.values().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    @Override
    public PostgresAccess access() {
        return access;
    }

    @Override
    protected boolean serves() {
        return access.answers();
    }
}
