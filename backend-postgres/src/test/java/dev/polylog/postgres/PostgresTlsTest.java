package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.StoreUnavailable;
import dev.polylog.servers.OwnCertificate;
import dev.polylog.servers.postgres.OwnPostgresServer;
import dev.polylog.servers.postgres.PostgresServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted connections to a server with a certificate of its own making, for the address 127.0.0.1. */
class PostgresTlsTest {

    @TempDir
    static Path folder;

    private static OwnPostgresServer server;
    private static Path certificate;

    @BeforeAll
    static void aServerWithACertificate() throws Exception {
        OwnCertificate own = OwnCertificate.make(folder);
        certificate = own.certificate();
        server = PostgresServers.own();
        write("server.crt", Files.readString(certificate));
        write("server.key", own.keyAsPem());
        sql("alter system set ssl = on");
        sql("select pg_reload_conf()");
        Awaitility.await().until(() -> text("show ssl").equals("on"));
    }

    @AfterAll
    static void closeTheServer() {
        if (server != null) {
            server.close();
        }
    }

    /** Into the server's data folder, as the server's user: the folder is nobody else's to write to. */
    private static void write(String name, String text) throws SQLException {
        String rows = "('" + String.join("'),('", text.lines().toList()) + "')";
        sql("copy (values " + rows + ") to program 'umask 077; cat > " + name + "'");
    }

    private static void sql(String statement) throws SQLException {
        try (Connection connection = server.access().connect();
                Statement one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    private static String text(String query) throws SQLException {
        try (Connection connection = server.access().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static PostgresBackend open(String host, String tls, Map<String, String> options) {
        return PostgresBackend.open(config(host, tls, options));
    }

    private static PostgresConfig config(String host, String tls, Map<String, String> options) {
        PostgresServer at = new PostgresServer(
                List.of(new PostgresServer.Host(host, server.access().address().port())),
                server.access().database(),
                server.access().user(),
                () -> String.valueOf(server.access().password()),
                tls,
                options);
        return PostgresConfig.builder(at).build();
    }

    @Test
    void notifications_come_through_encrypted_connections_whole_and_in_order() throws Exception {
        PostgresConfig config = config("127.0.0.1", "verify-full", Map.of("sslrootcert", certificate.toString()));
        try (PostgresConnections connections = PostgresConnections.of(config)) {
            PostgresListeningTest.hearsEverythingInOrder(connections);
        }
    }

    @Test
    void a_certificate_that_is_trusted_and_names_the_host_is_taken_and_everything_is_encrypted() throws Exception {
        try (PostgresBackend backend =
                open("127.0.0.1", "verify-full", Map.of("sslrootcert", certificate.toString()))) {
            assertThat(backend.status().logId()).isNotBlank();
            assertThat(text("select string_agg(distinct ssl::text, ',') from pg_stat_ssl s join pg_stat_activity a"
                            + " using (pid) where a.datname is not null and a.application_name = 'PostgreSQL JDBC Driver'"
                            + " and pid <> pg_backend_pid()"))
                    .isEqualTo("true");
        }
    }

    @Test
    void a_certificate_for_another_name_is_refused() {
        assertThatThrownBy(() -> open("localhost", "verify-full", Map.of("sslrootcert", certificate.toString())))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("localhost");
        open("localhost", "verify-ca", Map.of("sslrootcert", certificate.toString()))
                .close();
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused() throws Exception {
        assertThatThrownBy(() -> open("127.0.0.1", "verify-full", Map.of()))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("certif");
        Path other = OwnCertificate.make(Files.createDirectory(folder.resolve("other")))
                .certificate();
        assertThatThrownBy(() -> open("127.0.0.1", "verify-full", Map.of("sslrootcert", other.toString())))
                .isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void a_server_without_encryption_is_refused_where_it_is_asked_for() {
        try (OwnPostgresServer plain = PostgresServers.own()) {
            PostgresServer at = new PostgresServer(
                    List.of(new PostgresServer.Host(
                            "localhost", plain.access().address().port())),
                    plain.access().database(),
                    plain.access().user(),
                    () -> String.valueOf(plain.access().password()),
                    "verify-full",
                    Map.of());
            assertThatThrownBy(() ->
                            PostgresBackend.open(PostgresConfig.builder(at).build()))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("SSL");
        }
    }
}
