package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.servers.postgres.PostgresAccess;
import dev.polylog.servers.postgres.PostgresDatabase;
import dev.polylog.servers.postgres.PostgresServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same log has the same content digest on every store. */
class DigestTest {

    private static final int EVENTS = 5_000;

    @TempDir
    private Path folder;

    @Test
    void a_log_that_is_imported_into_PostgreSQL_has_the_digest_that_it_has_in_SQLite() throws IOException {
        Path file = Files.write(folder.resolve("log.jsonl"), OrderLog.bytes(OrderLog.lines(2026, EVENTS)));
        Cli sqlite = Cli.on(folder.resolve("a.db"));
        sqlite.done("import", "--verify", file.toString());
        try (PostgresDatabase database = PostgresServers.shared().newDatabase()) {
            Cli postgres = new Cli().env("POLYLOG_STORE", url(database.access()));
            postgres.done("import", "--verify", file.toString());
            assertThat(postgres.digest()).isEqualTo(sqlite.digest());
            // And the way back.
            Path exported = folder.resolve("exported.jsonl");
            Files.write(exported, postgres.done("export").bytes());
            Cli again = Cli.on(folder.resolve("b.db"));
            again.done("import", "--verify", exported.toString());
            assertThat(again.digest()).isEqualTo(sqlite.digest());
        }
    }

    private static String url(PostgresAccess access) {
        String password = access.password() == null ? "" : ":" + access.password();
        return access.url().replaceFirst("@", password + "@");
    }
}
