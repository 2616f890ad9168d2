package dev.polylog.servers.dynamodb;

import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.ServerSource;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hands out servers that speak DynamoDB's protocol.
 *
 * <p>Tests call it. Which server they get is decided by system properties: {@code polylog.dynamodb.url} names one that
 * runs already (for {@link #shared()} only), {@code polylog.servers=docker} asks for containers, and without either it is
 * DynamoDB Local from Maven artifacts. Thread-safe.
 */
public final class DynamoServers {

    private static final Pattern URL = Pattern.compile("http://([^:/]+):(\\d{1,5})/?");

    private static @Nullable DynamoServer shared;

    private DynamoServers() {}

    /**
     * The one server that all tests of this JVM share; started by the first call, ended with the JVM.
     *
     * @return the server; closing it is left to the JVM's end
     * @throws ServerFailure if it cannot be started or reached
     */
    public static synchronized DynamoServer shared() {
        if (shared == null) {
            String url = System.getProperty("polylog.dynamodb.url");
            shared = url == null ? own() : addressed(url);
        }
        return shared;
    }

    private static DynamoServer addressed(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            throw new ServerFailure("-Dpolylog.dynamodb.url=" + url + ": expected http://host:port");
        }
        return new AddressedDynamo(new ServerAddress(matcher.group(1), Integer.parseInt(matcher.group(2))));
    }

    /**
     * Starts a server for one test.
     *
     * @return a running server, to be closed by the caller
     * @throws ServerFailure if it cannot be started
     */
    public static OwnDynamoServer own() {
        return ServerSource.start(() -> DynamoProcess.start(), () -> DynamoContainer.start());
    }

    /**
     * A server that runs already.
     *
     * @param address where it listens
     */
    private record AddressedDynamo(ServerAddress address) implements DynamoServer {

        /** Leaves the server as it is. */
        @Override
        public void close() {
            // It was there before the test.
        }
    }
}
