package dev.polylog.servers.dynamodb;

import dev.polylog.servers.FreePorts;
import dev.polylog.servers.ProcessServer;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFolder;
import java.nio.file.Path;
import java.util.List;

/**
 * DynamoDB Local from Maven artifacts, in a JVM of its own with the class path of this one.
 *
 * <p>Thread-safe.
 */
final class DynamoProcess extends ProcessServer implements OwnDynamoServer {

    private static final String MAIN = "software.amazon.dynamodb.services.local.main.ServerRunner";
    private static final String LOOPBACK = "127.0.0.1";

    private final ServerAddress address = new ServerAddress(LOOPBACK, FreePorts.next());

    private DynamoProcess(ServerFolder folder) {
        super(folder, "TERM");
    }

    static DynamoProcess start() {
        ServerFolder folder = ServerFolder.create("dynamodb");
        return started(new DynamoProcess(folder), made -> NativeParts.unpack(folder.path()));
    }

    @Override
    public ServerAddress address() {
        return address;
    }

    @Override
    protected List<String> command() {
        String path = folder().path().toString();
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Djava.library.path=" + path,
                "-Dsqlite4java.library.path=" + path,
                "-cp",
                // What Surefire put into the manifest of a jar of its own, a new JVM must be told.
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                MAIN,
                "-inMemory",
                "-disableTelemetry",
                "-port",
                Integer.toString(address.port()));
    }

    @Override
    protected boolean serves() {
        return HttpAnswer.from(endpoint());
    }
}
