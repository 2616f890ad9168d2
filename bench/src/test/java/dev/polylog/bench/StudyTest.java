package dev.polylog.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventStore;
import dev.polylog.bench.Study.Effort;
import dev.polylog.bench.StudyReport.Measure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTest {

    private static final Effort TINY = new Effort(2, Duration.ofMillis(100));

    @TempDir
    Path folder;

    private final List<String> progress = new ArrayList<>();

    private void note(String what, int done, int all) {
        progress.add(what);
    }

    private String url(String file) {
        return "sqlite:" + folder.resolve(file);
    }

    @Test
    void growth_fills_the_store_and_compares_three_places_to_append_to() throws Exception {
        StudyReport report = Study.growth(url("full.db"), url("empty.db"), 5_000, 2_000, TINY, this::note);
        assertThat(report.measures()).hasSize(5).allSatisfy(measure -> {
            assertThat(measure.spread().least()).isPositive();
            assertThat(measure.spread().least())
                    .isLessThanOrEqualTo(measure.spread().median());
        });
        assertThat(report.toText()).contains("stream of 2000 in a store of 5000", "long stream to short stream");
        assertThat(progress).contains("filling", "appending");
        try (EventStore full = EventStore.open(url("full.db"))) {
            assertThat(full.readAll().stream().count()).isGreaterThan(5_000);
        }
    }

    @Test
    void processes_append_side_by_side_to_the_store_and_through_the_plain_driver() throws Exception {
        StudyReport report = Study.processes(url("shared.db"), 2, 2, TINY, this::note);
        assertThat(report.measures())
                .extracting(Measure::what)
                .containsExactly(
                        "2 processes, 2 writers each: the store",
                        "2 processes, 2 writers each: plain JDBC, a connection a writer, BEGIN IMMEDIATE",
                        "2 processes, 2 writers each: ratio");
        assertThat(report.measures())
                .allSatisfy(measure -> assertThat(measure.spread().least()).isPositive());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.contains("raw"));
        }
    }

    @Test
    void delivery_to_another_process_is_measured_for_every_event() throws Exception {
        StudyReport report = Study.delivery(url("delivered.db"), 100, TINY, this::note);
        assertThat(report.measures())
                .hasSize(3)
                .allSatisfy(measure -> assertThat(measure.unit()).isEqualTo("ms"));
        assertThat(report.measures().get(0).spread().median())
                .isPositive()
                .isLessThanOrEqualTo(report.measures().get(2).spread().greatest());
    }

    @Test
    void a_process_that_fails_ends_the_study_with_what_it_said() {
        assertThatThrownBy(() -> {
                    try (Workers workers = new Workers("nowhere:")) {
                        workers.start("append", "-1", "run", "1", "1", "1000");
                        workers.begin();
                    }
                })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no backend on the class path opens the scheme nowhere");
    }

    @Test
    void nonsense_is_refused() {
        assertThatThrownBy(() -> new Effort(0, Duration.ofSeconds(1))).hasMessageContaining("rounds 0");
        assertThatThrownBy(() -> Study.processes(url("x.db"), 0, 1, TINY, this::note))
                .hasMessageContaining("0 processes");
        assertThatThrownBy(() -> Study.delivery(url("x.db"), 0, TINY, this::note))
                .hasMessageContaining("rate 0");
    }
}
