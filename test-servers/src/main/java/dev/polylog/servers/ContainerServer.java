package dev.polylog.servers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.time.Duration;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.IsRunningStartupCheckStrategy;

/**
 * A server that runs in a container, created by Testcontainers and removed by it when this JVM ends, however it ends.
 *
 * <p>For kinds of servers. The container is bound to a fixed port of the host, so that the address stays when it is
 * restarted. Thread-safe; verbs run one after another.
 */
public abstract class ContainerServer extends GuardedServer {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int STOP_SECONDS = 30;

    private final GenericContainer<?> container;
    private final ServerAddress address;

    /**
     * A server whose container has not been created.
     *
     * @param container what to run, without a wait strategy of its own
     * @param containerPort the port on which it listens inside
     * @throws ServerFailure if Docker cannot be reached
     */
    protected ContainerServer(GenericContainer<?> container, int containerPort) {
        this.container = container;
        this.address = new ServerAddress(dockerHost(), FreePorts.next());
        String local = address.host().equals("127.0.0.1") ? "127.0.0.1" : "0.0.0.0";
        PortBinding binding =
                new PortBinding(Ports.Binding.bindIpAndPort(local, address.port()), ExposedPort.tcp(containerPort));
        container
                .withExposedPorts(containerPort)
                .withCreateContainerCmdModifier(
                        create -> Objects.requireNonNull(create.getHostConfig()).withPortBindings(binding))
                .setWaitStrategy(new NoWait());
        container.setStartupCheckStrategy(new IsRunningStartupCheckStrategy());
    }

    private static String dockerHost() {
        try {
            String host = DockerClientFactory.instance().dockerHostIpAddress();
            return host.equals("localhost") ? "127.0.0.1" : host;
        } catch (IllegalStateException e) {
            throw new ServerFailure(
                    "-Dpolylog.servers=docker asks for containers, but Docker cannot be reached: start it, or leave the"
                            + " property out for servers without Docker",
                    e);
        }
    }

    @Override
    public final ServerAddress address() {
        return address;
    }

    @Override
    protected final void begin() {
        if (container.getContainerId() == null) {
            container.start();
        } else {
            docker().startContainerCmd(container.getContainerId()).exec();
        }
    }

    @Override
    protected final void end() {
        docker().stopContainerCmd(container.getContainerId())
                .withTimeout(STOP_SECONDS)
                .exec();
        awaitEnd();
    }

    @Override
    protected final void die() {
        if (Boolean.TRUE.equals(containerState().getPaused())) {
            thaw();
        }
        docker().killContainerCmd(container.getContainerId()).exec();
        awaitEnd();
    }

    @Override
    protected final void freeze() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    protected final void thaw() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    protected final void discard() {
        container.stop();
    }

    @Override
    protected final boolean alive() {
        return Boolean.TRUE.equals(containerState().getRunning());
    }

    @Override
    protected final String logTail() {
        String log = container.getLogs();
        return log.substring(Math.max(0, log.length() - 4_000));
    }

    private void awaitEnd() {
        Await.until(PATIENCE, () -> !alive(), () -> "the container of the server at " + address + " did not end");
    }

    private ContainerState containerState() {
        try {
            return docker().inspectContainerCmd(container.getContainerId())
                    .exec()
                    .getState();
        } catch (DockerException e) {
            throw new ServerFailure("the container of the server at " + address + " cannot be inspected", e);
        }
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }
}
