package dev.polylog.servers.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresServersTest {

    @Test
    void all_tests_of_a_jvm_share_one_server() {
        assertThat(PostgresServers.shared()).isSameAs(PostgresServers.shared());
    }

    @Test
    void a_server_named_by_its_url_is_used_and_left_as_it_is() throws Exception {
        PostgresAccess running = PostgresServers.shared().access();
        try (AddressedPostgres server = AddressedPostgres.at(running.url(), running.password());
                PostgresDatabase database = server.newDatabase()) {
            assertThat(PostgresQueries.ask(database.access(), "SELECT current_database()"))
                    .isEqualTo(database.access().database());
        }
        assertThat(PostgresQueries.ask(running, "SELECT 1")).isEqualTo("1");
    }

    @Test
    void a_url_gives_every_part_of_the_access() {
        assertThat(AddressedPostgres.at("postgresql://me:a:b@db.example:6543/shop", "unused")
                        .access())
                .isEqualTo(new PostgresAccess(new ServerAddress("db.example", 6543), "shop", "me", "a:b"));
        PostgresAccess six =
                AddressedPostgres.at("postgresql://me@[::1]/shop", "secret").access();
        assertThat(six).isEqualTo(new PostgresAccess(new ServerAddress("::1", 5432), "shop", "me", "secret"));
        assertThat(six.url()).isEqualTo("postgresql://me@[::1]:5432/shop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mysql://me:hush@host/db",
                "postgresql://host/db",
                "postgresql://me:hush@host",
                "postgresql://me:hush@host/",
                "postgresql://me:hush@host:0/db",
                "postgresql://me:hush@ho st/db"
            })
    void a_url_that_cannot_be_used_is_refused_without_showing_it(String url) {
        assertThatThrownBy(() -> AddressedPostgres.at(url, null))
                .isInstanceOf(ServerFailure.class)
                .hasMessageContaining("expected postgresql://user[:password]@host[:port]/database")
                .hasMessageNotContaining("hush")
                .hasNoCause();
    }

    @Test
    void an_unknown_way_of_running_servers_is_refused() {
        String before = System.getProperty("polylog.servers");
        System.setProperty("polylog.servers", "cloud");
        try {
            assertThatThrownBy(PostgresServers::own)
                    .isInstanceOf(ServerFailure.class)
                    .hasMessageContaining("-Dpolylog.servers=cloud: expected docker, or artifacts");
        } finally {
            if (before == null) {
                System.clearProperty("polylog.servers");
            } else {
                System.setProperty("polylog.servers", before);
            }
        }
    }

    @Test
    void a_setting_whose_name_is_none_is_refused() {
        assertThatThrownBy(() -> PostgresSettings.standard().with("fsync = off #", "on"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected the name of a setting");
    }
}
