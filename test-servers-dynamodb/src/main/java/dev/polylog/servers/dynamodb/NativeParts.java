package dev.polylog.servers.dynamodb;

import dev.polylog.servers.ServerFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The native parts of SQLite that DynamoDB Local needs, which the build has put beside this class. Stateless and thread-safe. */
final class NativeParts {

    private static final List<String> NAMES = List.of(
            "libsqlite4java-linux-amd64-1.0.392.so",
            "libsqlite4java-linux-i386-1.0.392.so",
            "libsqlite4java-osx-1.0.392.dylib",
            "sqlite4java-win32-x64-1.0.392.dll");

    private NativeParts() {}

    static void unpack(Path folder) {
        for (String name : NAMES) {
            try (InputStream in = NativeParts.class.getResourceAsStream("native/" + name)) {
                if (in == null) {
                    throw new ServerFailure("DynamoDB Local's native part " + name
                            + " is missing among the resources; build the module test-servers-dynamodb anew");
                }
                Files.copy(in, folder.resolve(name));
            } catch (IOException e) {
                throw new ServerFailure("cannot unpack DynamoDB Local's native part " + name + " to " + folder, e);
            }
        }
    }
}
