package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.servers.dynamodb.DynamoServer;
import dev.polylog.servers.dynamodb.DynamoServers;
import dev.polylog.servers.kafka.KafkaServer;
import dev.polylog.servers.kafka.KafkaServers;
import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
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

    /** Where every event takes several round trips. */
    private static final int FEW_EVENTS = 1_000;

    @TempDir
    private Path folder;

    @Test
    void a_log_that_is_imported_into_PostgreSQL_has_the_digest_that_it_has_in_SQLite() throws IOException {
        Path file = Files.write(folder.resolve("log.jsonl"), OrderLog.bytes(OrderLog.lines(2026, EVENTS)));
        Cli sqlite = Cli.on(folder.resolve("a.db"));
        sqlite.done("import", "--verify", file.toString());
        try (PostgresDatabase database = PostgresServers.shared().newDatabase()) {
            thereAndBack(file, sqlite, url(database.access()));
        }
    }

    @Test
    void a_log_that_is_imported_into_KurrentDB_has_the_digest_that_it_has_in_SQLite() throws IOException {
        Path file = Files.write(folder.resolve("log.jsonl"), OrderLog.bytes(OrderLog.lines(2026, FEW_EVENTS)));
        Cli sqlite = Cli.on(folder.resolve("a.db"));
        sqlite.done("import", "--verify", file.toString());
        try (KurrentServer server = KurrentServers.own(KurrentVersion.V25_1)) {
            thereAndBack(file, sqlite, server.url());
        }
    }

    @Test
    void a_log_that_is_imported_into_DynamoDB_has_the_digest_that_it_has_in_SQLite() throws IOException {
        Path file = Files.write(folder.resolve("log.jsonl"), OrderLog.bytes(OrderLog.lines(2026, FEW_EVENTS)));
        Cli sqlite = Cli.on(folder.resolve("a.db"));
        sqlite.done("import", "--verify", file.toString());
        // DynamoDB Local takes any; without them the SDK would ask the network for some.
        System.setProperty("aws.accessKeyId", "polylog");
        System.setProperty("aws.secretAccessKey", "polylog-tests");
        try (DynamoServer server = DynamoServers.own()) {
            thereAndBack(file, sqlite, "dynamodb://" + DynamoServer.REGION + "/events?endpoint=" + server.endpoint());
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }

    private void thereAndBack(Path file, Cli sqlite, String url) throws IOException {
        Cli other = new Cli().env("POLYLOG_STORE", url);
        other.done("import", "--verify", file.toString());
        assertThat(other.digest()).isEqualTo(sqlite.digest());
        Path exported = folder.resolve("exported.jsonl");
        Files.write(exported, other.done("export").bytes());
        Cli again = Cli.on(folder.resolve("b.db"));
        again.done("import", "--verify", exported.toString());
        assertThat(again.digest()).isEqualTo(sqlite.digest());
    }

    @Test
    void a_log_that_is_imported_into_Kafka_has_the_digest_that_it_has_in_SQLite() throws IOException {
        Path file = Files.write(folder.resolve("log.jsonl"), OrderLog.bytes(OrderLog.lines(2027, EVENTS)));
        Cli sqlite = Cli.on(folder.resolve("a.db"));
        sqlite.done("import", "--verify", file.toString());
        KafkaServer server = KafkaServers.shared();
        Cli kafka = new Cli()
                .env(
                        "POLYLOG_STORE",
                        "kafka://" + server.address() + "/" + server.newTopic() + "?view=" + folder.resolve("views"));
        kafka.done("import", "--verify", file.toString());
        assertThat(kafka.digest()).isEqualTo(sqlite.digest());
    }

    private static String url(PostgresAccess access) {
        String password = access.password() == null ? "" : ":" + access.password();
        return access.url().replaceFirst("@", password + "@");
    }
}
