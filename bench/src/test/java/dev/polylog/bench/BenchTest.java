package dev.polylog.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylog.EventStore;
import dev.polylog.InvalidStoreUrl;
import dev.polylog.bench.BenchReport.Result;
import dev.polylog.servers.postgres.PostgresAccess;
import dev.polylog.servers.postgres.PostgresDatabase;
import dev.polylog.servers.postgres.PostgresServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

    private static BenchOptions tiny(String url, Set<Workload> workloads) {
        return new BenchOptions(
                List.of(url), workloads, 2, Duration.ofMillis(60), Duration.ofMillis(20), 20_000, 2_000, 200);
    }

    @Test
    void measures_every_workload_and_finds_nothing_wrong_with_the_reference() throws Exception {
        List<String> progress = new ArrayList<>();
        BenchReport report = Bench.run(
                tiny("memory:", EnumSet.allOf(Workload.class)),
                (what, done, all) -> progress.add(done + "/" + all + " " + what));
        assertThat(report.isSound()).isTrue();
        assertThat(report.results()).hasSize(Workload.values().length).allSatisfy(result -> {
            assertThat(result.figures().problems()).isEmpty();
            assertThat(result.figures().rounds()).hasSize(2).allSatisfy(round -> {
                assertThat(round.perSecond()).isPositive();
                assertThat(round.p50Micros()).isPositive().isLessThanOrEqualTo(round.p99Micros());
                assertThat(round.p99Micros()).isLessThanOrEqualTo(round.maxMicros());
            });
            assertThat(result.baselines()).isEmpty();
        });
        assertThat(progress)
                .hasSize(2 * Workload.values().length)
                .startsWith("0/" + 2 * Workload.values().length + " append-1-by-1 on memory:");
    }

    @Test
    void plays_a_store_and_its_plain_driver_in_turn_and_gives_the_ratio(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("bench.db");
        Set<Workload> workloads =
                EnumSet.of(Workload.APPEND_10_BY_8, Workload.APPEND_CONTENDED, Workload.READ_STREAM, Workload.READ_ALL);
        BenchReport report = Bench.run(tiny("sqlite:" + file, workloads), (what, done, all) -> {});
        assertThat(report.toText()).contains("plain JDBC", "append-10-by-8", "found no broken rule");
        JsonNode json = new ObjectMapper().readTree(report.toJson());
        assertThat(json.at("/results/0/baselines/1/storeToThis/median").asDouble())
                .isPositive();
        for (Result result : report.results()) {
            assertThat(result.figures().problems()).isEmpty();
            assertThat(result.baselines()).hasSize(2).allSatisfy(baseline -> {
                assertThat(baseline.errors()).isZero();
                assertThat(result.figures().ratioTo(baseline).median()).isPositive();
            });
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .as("the baselines' files are gone")
                    .noneMatch(name -> name.contains("raw"));
        }
        try (EventStore store = EventStore.open("sqlite:" + file)) {
            assertThat(store.readAll().first())
                    .as("the store's events are left alone")
                    .isPresent();
        }
    }

    @Test
    void plays_PostgreSQL_beside_its_plain_driver_and_removes_the_latters_tables() throws Exception {
        Set<Workload> workloads = EnumSet.of(
                Workload.APPEND_1_BY_8,
                Workload.APPEND_10_BY_1,
                Workload.APPEND_CONTENDED,
                Workload.READ_STREAM,
                Workload.READ_ALL);
        try (PostgresDatabase database = PostgresServers.shared().newDatabase()) {
            PostgresAccess access = database.access();
            String url = access.url().replace("@", ":" + access.password() + "@") + "?connections=2";
            BenchReport report = Bench.run(tiny(url, workloads), (what, done, all) -> {});
            for (Result result : report.results()) {
                assertThat(result.figures().problems()).isEmpty();
                assertThat(result.baselines()).hasSize(2).allSatisfy(baseline -> {
                    assertThat(baseline.errors()).isZero();
                    assertThat(result.figures().ratioTo(baseline).median()).isPositive();
                });
            }
            assertThat(report.toText()).doesNotContain(access.password());
            try (Connection connection = access.connect();
                    ResultSet rows = connection
                            .createStatement()
                            .executeQuery("select count(*) from pg_namespace where nspname like 'polylog\\_raw%'")) {
                rows.next();
                assertThat(rows.getInt(1)).isZero();
            }
        }
    }

    @Test
    void a_run_that_broke_a_rule_has_no_number() throws Exception {
        BenchReport report = Bench.run(tiny("liar:", Set.of(Workload.APPEND_1_BY_8)), (what, done, all) -> {});
        Figures figures = report.results().get(0).figures();
        assertThat(report.isSound()).isFalse();
        assertThat(figures.perSecond()).isNull();
        assertThat(figures.rounds()).allMatch(round -> round.p50Micros() == null && round.operations() > 0);
        assertThat(report.toText()).contains("no number", "A-16: acknowledged, but", "those runs have no number");
    }

    @Test
    void the_written_json_holds_every_round_and_the_environment(@TempDir Path folder) throws Exception {
        BenchReport report = Bench.run(tiny("memory:", Set.of(Workload.READ_STREAM)), (what, done, all) -> {});
        Path file = report.writeTo(folder.resolve("made").resolve("here"));
        JsonNode json = new ObjectMapper().readTree(file.toFile());
        assertThat(Path.of(file.toString().replace(".json", ".txt"))).hasContent(report.toText());
        assertThat(json.at("/sound").asBoolean()).isTrue();
        assertThat(json.at("/environment/processors").asInt()).isPositive();
        assertThat(json.at("/environment/jvm").asText()).isNotBlank();
        assertThat(json.at("/options/workloads/0").asText()).isEqualTo("read-stream");
        assertThat(json.at("/stores/memory:/durability").asText()).isEqualTo("VOLATILE");
        assertThat(json.at("/results/0/figures/rounds")).hasSize(2);
        assertThat(json.at("/results/0/figures/rounds/1/perSecond").asDouble()).isPositive();
        assertThat(json.at("/results/0/baselines")).isEmpty();
    }

    @Test
    void says_what_is_wrong_with_options_names_and_urls() {
        assertThatThrownBy(() -> Workload.of("append-everything"))
                .hasMessageContaining("append-everything")
                .hasMessageContaining("append-1-by-64");
        assertThatThrownBy(() -> BenchOptions.quick(List.of())).hasMessageContaining("at least one store");
        assertThatThrownBy(() -> Bench.run(BenchOptions.quick(List.of("nowhere:")), (what, done, all) -> {}))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void medians_and_ratios_are_those_of_paired_rounds() {
        Figures fast = new Figures("fast", List.of(round(10), round(30), round(20)));
        Figures slow = new Figures("slow", List.of(round(10), round(10), round(10)));
        assertThat(fast.perSecond()).isEqualTo(new Figures.Spread(20, 10, 30));
        assertThat(fast.ratioTo(slow)).isEqualTo(new Figures.Spread(2, 1, 3));
        assertThat(new Figures("none", List.of()).perSecond()).isNull();
    }

    private static Round round(double rate) {
        return new Round(1, rate, 1.0, 1.0, 1.0, 1.0, 0, 0, null, List.of());
    }
}
