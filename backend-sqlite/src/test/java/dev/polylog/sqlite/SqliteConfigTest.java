package dev.polylog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.BackendUrl;
import dev.polylog.sqlite.SqliteConfig.Synchronous;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteConfigTest {

    private static SqliteConfig parse(String url) {
        return SqliteConfig.parse(BackendUrl.parse(url));
    }

    @Test
    void a_url_without_options_has_the_usual_values() {
        SqliteConfig config = parse("sqlite:events.db");
        assertThat(config.file()).isEqualTo(Path.of("events.db").toAbsolutePath());
        assertThat(config.busyTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(config.pollInterval()).isEqualTo(Duration.ofMillis(20));
        assertThat(config.readers()).isEqualTo(4);
        assertThat(config.synchronous()).isEqualTo(Synchronous.FULL);
        assertThat(config.limits().maxEventsPerAppend()).isEqualTo(10_000);
        assertThat(config).isEqualTo(SqliteConfig.builder(Path.of("events.db")).build());
    }

    @Test
    void every_option_is_taken() {
        SqliteConfig config = parse("sqlite:/var/lib/a b/x.db?busyTimeout=2m&pollInterval=50ms&readers=2"
                + "&unsafeSynchronous=normal&maxEventsPerAppend=60&maxPayloadBytes=300000&maxMetadataBytes=9"
                + "&maxAppendBytes=400000");
        assertThat(config.file()).isEqualTo(Path.of("/var/lib/a b/x.db"));
        assertThat(config.busyTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.pollInterval()).isEqualTo(Duration.ofMillis(50));
        assertThat(config.readers()).isEqualTo(2);
        assertThat(config.synchronous()).isEqualTo(Synchronous.UNSAFE_NORMAL);
        assertThat(config.limits()).isEqualTo(new BackendTraits.Limits(60, 1_000, 300_000, 9, 400_000));
    }

    @Test
    void every_mistake_is_reported_at_once() {
        InvalidStoreUrl refusal = catchThrowableOfType(
                InvalidStoreUrl.class,
                () -> parse("sqlite:?busyTimeout=11m&pollInterval=1s&readers=0&unsafeSynchronous=maybe"
                        + "&maxPayloadBytes=5&speed=11"));
        assertThat(refusal.problems())
                .hasSize(7)
                .anySatisfy(problem -> assertThat(problem).contains("memory:", "sqlite:events.db"))
                .anySatisfy(problem -> assertThat(problem).contains("busyTimeout is 660000 ms"))
                .anySatisfy(problem -> assertThat(problem).contains("pollInterval is 1000 ms", "10 ms to 50 ms"))
                .anySatisfy(problem -> assertThat(problem).contains("readers", "1 to 64"))
                .anySatisfy(problem -> assertThat(problem).contains("unsafeSynchronous", "normal or off"))
                .anySatisfy(problem -> assertThat(problem).contains("maxPayloadBytes", "250000"))
                .anySatisfy(problem -> assertThat(problem).contains("unknown option speed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite::memory:", "sqlite:", "sqlite: "})
    void a_log_in_memory_is_left_to_the_memory_backend(String url) {
        assertThatThrownBy(() -> parse(url)).isInstanceOf(InvalidStoreUrl.class).hasMessageContaining("use memory:");
    }

    @Test
    void a_path_that_the_driver_would_cut_is_refused() {
        assertThatThrownBy(() -> SqliteConfig.builder(Path.of("/tmp/what?.db"))
                        .readers(0)
                        .build())
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("question mark")
                .hasMessageContaining("readers is 0");
    }

    @Test
    void a_path_that_the_system_cannot_have_is_refused() {
        assertThatThrownBy(() -> parse("sqlite:a\0b.db"))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("the path cannot be used");
    }

    @Test
    void less_durability_is_declared(@TempDir Path folder) {
        SqliteConfig.Builder builder = SqliteConfig.builder(folder.resolve("a.db"));
        try (SqliteBackend safe = SqliteBackend.open(builder.build())) {
            assertThat(safe.traits().durability()).isEqualTo(Durability.LOCAL);
        }
        for (Synchronous unsafe : new Synchronous[] {Synchronous.UNSAFE_NORMAL, Synchronous.UNSAFE_OFF}) {
            try (SqliteBackend backend =
                    SqliteBackend.open(builder.synchronous(unsafe).build())) {
                assertThat(backend.traits().durability()).isEqualTo(Durability.VOLATILE);
            }
        }
    }
}
