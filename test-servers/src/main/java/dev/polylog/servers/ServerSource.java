package dev.polylog.servers;

import java.util.function.Supplier;

/**
 * Where servers of a test's own come from: {@code -Dpolylog.servers=docker} asks for containers, {@code artifacts}, which is
 * the default, for servers without Docker.
 *
 * <p>For kinds of servers. Stateless and thread-safe.
 */
public final class ServerSource {

    private ServerSource() {}

    /**
     * Starts a server from where the system property says. Whoever calls names containers only inside the code that starts
     * one, so that what those need is loaded only where they are asked for.
     *
     * @param <S> the kind
     * @param artifacts starts one without Docker
     * @param docker starts one in a container
     * @return what was started
     * @throws ServerFailure if the property says something else, or as the chosen one does
     */
    public static <S> S start(Supplier<? extends S> artifacts, Supplier<? extends S> docker) {
        String source = System.getProperty("polylog.servers", "artifacts");
        return switch (source) {
            case "artifacts" -> artifacts.get();
            case "docker" -> docker.get();
            default ->
                throw new ServerFailure(
                        "-Dpolylog.servers=" + source + ": expected docker, or artifacts (which is the default)");
        };
    }
}
