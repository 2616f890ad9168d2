package dev.polylog.dynamodb;

import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.SchemaPrinter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Opens {@code dynamodb://region/table}; the options are those of {@link DynamoConfig#parse(BackendUrl)}. Prints a
 * CloudFormation template for those who make their tables themselves.
 *
 * <p>The service loader makes it. Stateless and thread-safe.
 */
public final class DynamoBackendProvider implements BackendProvider, SchemaPrinter {

    private static final String TEMPLATE = "table.cloudformation.json";

    /** For the service loader. */
    public DynamoBackendProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("dynamodb");
    }

    @Override
    public LogBackend open(BackendUrl url) {
        return DynamoBackend.open(DynamoConfig.parse(url));
    }

    @Override
    public String schema(BackendUrl url) {
        String table = DynamoConfig.parse(url).table();
        try (InputStream in = DynamoBackendProvider.class.getResourceAsStream(TEMPLATE)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + TEMPLATE + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\"TableName\": \"events\"", "\"TableName\": \"" + table + "\"");
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + TEMPLATE + " cannot be read", e);
        }
    }
}
