package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.StoreUnavailable;
import dev.polylog.postgres.PostgresConfig.Pooler;
import dev.polylog.postgres.PostgresConfig.Signalling;
import dev.polylog.spi.BackendUrl;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresConfigTest {

    private static PostgresConfig parse(String url) {
        return PostgresConfig.parse(BackendUrl.parse(url));
    }

    private static PostgresServer server(String url) {
        return (PostgresServer) parse(url).source();
    }

    @Test
    void a_url_says_where_and_as_whom() {
        PostgresServer server =
                server("postgresql://me%40x:p%2Fw@db.example:5433,[::1],other/my%20db?sslmode=verify-ca");
        assertThat(server.hosts())
                .extracting(Object::toString)
                .containsExactly("db.example:5433", "[::1]:5432", "other:5432");
        assertThat(server.user()).isEqualTo("me@x");
        assertThat(server.database()).isEqualTo("my db");
        assertThat(server.password().get()).isEqualTo("p/w");
        assertThat(server.tls()).isEqualTo("verify-ca");
    }

    @Test
    void the_form_of_jdbc_says_the_same() {
        PostgresServer server = server("jdbc:postgresql://db/app?user=me&password=secret");
        assertThat(server.user()).isEqualTo("me");
        assertThat(server.password().get()).isEqualTo("secret");
        assertThat(server.address()).isEqualTo("postgresql://db:5432/app");
    }

    @Test
    void other_machines_are_verified_unless_said_otherwise() {
        assertThat(server("postgresql://me@db/x").tls()).isEqualTo("verify-full");
        assertThat(server("postgresql://me@localhost,db/x").tls()).isEqualTo("verify-full");
        assertThat(server("postgresql://me@127.0.0.1/x").tls()).isEqualTo("prefer");
        assertThat(server("postgresql://me@[::1]/x").tls()).isEqualTo("prefer");
        assertThat(server("postgresql://me@localhost.example/x").tls()).isEqualTo("verify-full");
    }

    @Test
    void the_environment_fills_in_what_the_url_leaves_out() {
        BackendUrl url = BackendUrl.parse("postgresql://db/x");
        PostgresServer server =
                PostgresServer.parse(url, url.options(), Map.of("PGUSER", "env", "PGPASSWORD", "hidden"));
        assertThat(server.user()).isEqualTo("env");
        assertThat(server.password().get()).isEqualTo("hidden");
    }

    @Test
    void everything_that_is_wrong_is_listed_at_once() {
        assertThatThrownBy(
                        () -> parse("postgresql://me@h:99999/x?schema=Bad&connections=0&lockTimeout=9s&socketTimeout=8s"
                                + "&pooler=maybe&sslmode=yes&listen=perhaps&prepareThreshold=5"))
                .isInstanceOfSatisfying(
                        InvalidStoreUrl.class,
                        e -> assertThat(String.join("\n", e.problems()))
                                .contains("port", "schema", "connections", "socketTimeout", "pooler", "sslmode")
                                .contains("listen", "unknown option prepareThreshold"));
    }

    @Test
    void a_transaction_pooler_means_no_listen() {
        assertThat(parse("postgresql://me@h/x?pooler=transaction").signal()).isEqualTo(Signalling.POLL);
        assertThat(parse("postgresql://me@h/x").pooler()).isEqualTo(Pooler.NONE);
        assertThatThrownBy(() -> parse("postgresql://me@h/x?pooler=transaction&listen=true"))
                .hasMessageContaining("LISTEN does not work");
    }

    @Test
    void options_reach_the_configuration() {
        PostgresConfig config =
                parse("postgresql://me@h/x?schema=orders&connections=3&connectTimeout=2s&lockTimeout=300ms"
                        + "&socketTimeout=7s&listen=false&maxPayloadBytes=300000");
        assertThat(config.schema()).isEqualTo("orders");
        assertThat(config.connections()).isEqualTo(3);
        assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.lockTimeout()).isEqualTo(Duration.ofMillis(300));
        assertThat(config.socketTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(config.limits().maxPayloadBytes()).isEqualTo(300_000);
    }

    @Test
    void passwords_are_never_shown() {
        String url = "postgresql://me:s3cr3t@127.0.0.1:1/x?connectTimeout=1s";
        assertThat(parse(url).toString()).doesNotContain("s3cr3t");
        assertThatThrownBy(() -> PostgresBackend.open(parse(url)))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageNotContaining("s3cr3t");
        assertThatThrownBy(() -> parse("postgresql://me:s3cr3t@h/x?nonsense=1"))
                .hasMessageContaining("nonsense")
                .hasMessageNotContaining("s3cr3t");
    }
}
