package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.StoreUnavailable;
import dev.polylog.servers.postgres.PostgresAccess;
import dev.polylog.spi.BackendUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Where the password comes from. */
class PostgresLoginTest {

    private static final String PASSWORD = "s3cr3t: of @ this?test";
    private static final String PASS_FILE = "org.postgresql.pgpassfile";

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    private static PostgresAccess access;

    @TempDir
    Path folder;

    @BeforeAll
    static void aRoleWithAPassword() throws Exception {
        String role = LOG.access().database() + "_login";
        LOG.sql("create role " + role + " login superuser password '" + PASSWORD + "'");
        access = LOG.access().as(role, PASSWORD);
    }

    private static void opens(PostgresServer server) {
        try (PostgresBackend backend =
                PostgresBackend.open(PostgresConfig.builder(server).build())) {
            assertThat(backend.status().logId()).isNotBlank();
        }
    }

    private static PostgresServer parsed(Map<String, String> environment) {
        BackendUrl url = BackendUrl.parse(access.url());
        return PostgresServer.parse(url, url.options(), environment);
    }

    @Test
    void from_PGPASSWORD() {
        opens(parsed(Map.of("PGPASSWORD", PASSWORD)));
        assertThatThrownBy(() -> opens(parsed(Map.of("PGPASSWORD", "wr0ng"))))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("password authentication failed")
                .hasMessageNotContaining("wr0ng");
    }

    @Test
    void from_the_password_file() throws Exception {
        Path file = Files.createFile(
                folder.resolve("pgpass"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                "elsewhere:5432:*:*:other\n" + access.address().host() + ":"
                        + access.address().port() + ":" + access.database() + ":" + access.user() + ":"
                        + PASSWORD.replace(":", "\\:") + "\n");
        String before = System.getProperty(PASS_FILE);
        System.setProperty(PASS_FILE, file.toString());
        try {
            opens(parsed(Map.of()));
            Files.writeString(file, "elsewhere:5432:*:*:other\n");
            assertThatThrownBy(() -> opens(parsed(Map.of())))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("password");
        } finally {
            if (before == null) {
                System.clearProperty(PASS_FILE);
            } else {
                System.setProperty(PASS_FILE, before);
            }
        }
    }

    @Test
    void from_a_supplier_that_is_asked_for_each_new_connection() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        PostgresServer server = PostgresServer.of(
                access.address().host(), access.address().port(), access.database(), access.user(), () -> {
                    asked.incrementAndGet();
                    return PASSWORD;
                });
        try (PostgresBackend backend =
                PostgresBackend.open(PostgresConfig.builder(server).build())) {
            int before = asked.get();
            backend.status();
            assertThat(asked).hasValueGreaterThan(before);
        }
        assertThat(server.toString()).doesNotContain(PASSWORD);
    }
}
