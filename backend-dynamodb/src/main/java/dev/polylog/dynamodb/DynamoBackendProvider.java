package dev.polylog.dynamodb;

import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.RepairReport;
import dev.polylog.spi.SchemaPrinter;
import dev.polylog.spi.StoreRepairer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Opens {@code dynamodb://region/table}; the options are those of {@link DynamoConfig#parse(BackendUrl)}. Prints a
 * CloudFormation template or a Terraform file for those who make their tables themselves, and repairs a restored table.
 *
 * <p>The service loader makes it. Stateless and thread-safe.
 */
public final class DynamoBackendProvider implements BackendProvider, SchemaPrinter, StoreRepairer {

    private static final String CLOUDFORMATION = "cloudformation";
    private static final String TERRAFORM = "terraform";

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
    public List<String> forms() {
        return List.of(CLOUDFORMATION, TERRAFORM);
    }

    @Override
    public String schema(BackendUrl url, String form) {
        String table = DynamoConfig.parse(url).table();
        return switch (form) {
            case CLOUDFORMATION -> named("table.cloudformation.json", "\"TableName\": \"%s\"", table);
            case TERRAFORM -> named("table.tf", "name                        = \"%s\"", table);
            default ->
                throw new IllegalArgumentException(
                        "form " + form + ": expected " + CLOUDFORMATION + " or " + TERRAFORM);
        };
    }

    private static String named(String resource, String naming, String table) {
        try (InputStream in = DynamoBackendProvider.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + resource + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace(naming.formatted("events"), naming.formatted(table));
        } catch (IOException e) {
            throw new UncheckedIOException("the resource " + resource + " cannot be read", e);
        }
    }

    @Override
    public RepairReport examine(BackendUrl url) {
        return report(DynamoRepair.examine(DynamoConfig.parse(url)));
    }

    @Override
    public RepairReport repair(BackendUrl url) {
        return report(DynamoRepair.run(DynamoConfig.parse(url)));
    }

    private static RepairReport report(DynamoRepair.Report report) {
        return new RepairReport(report.head(), report.removed(), report.epoch());
    }
}
