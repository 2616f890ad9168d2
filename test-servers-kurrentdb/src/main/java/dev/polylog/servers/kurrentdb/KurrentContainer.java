package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.ContainerServer;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.KurrentDBConnectionString;
import io.kurrent.dbclient.ReadAllOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A real KurrentDB in a container; {@code -Dpolylog.kurrentdb.image} names another image. Thread-safe.
 */
final class KurrentContainer extends ContainerServer implements KurrentTarget {

    private static final int PORT = 2113;
    private static final String IMAGE = "docker.kurrent.io/kurrent-latest/kurrentdb:latest";
    private static final long ANSWER_SECONDS = 5;

    private KurrentContainer(GenericContainer<?> container) {
        super(container, PORT);
    }

    @SuppressWarnings("resource") // closed by the server
    static KurrentContainer start() {
        String image = System.getProperty("polylog.kurrentdb.image", IMAGE);
        return started(new KurrentContainer(new GenericContainer<>(DockerImageName.parse(image))
                .withCommand("--insecure", "--run-projections=All")));
    }

    @Override
    public String url() {
        return "kurrentdb://" + address() + "?tls=false";
    }

    @Override
    protected boolean serves() {
        KurrentDBClient client = KurrentDBClient.create(KurrentDBConnectionString.parseOrThrow(url()));
        try {
            client.readAll(ReadAllOptions.get().backwards().fromEnd().maxCount(1))
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            var unused = client.shutdown();
        }
    }
}
