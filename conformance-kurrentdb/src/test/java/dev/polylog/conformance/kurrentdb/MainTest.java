package dev.polylog.conformance.kurrentdb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says and writes. */
class MainTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                args);
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(Files.readString(folder.resolve(file)));
    }

    @Test
    void a_server_that_keeps_the_protocol_passes_and_the_json_says_which_tests_ran() throws IOException {
        try (KurrentServer server = KurrentServers.own(KurrentVersion.V25_1)) {
            int code = run("--url", server.url(), "--out", folder.toString(), "--only", "conformance");
            assertThat(err).hasToString("");
            assertThat(code).isZero();
        }
        JsonNode report = json("conformance.json");
        assertThat(report.path("server").asText()).isEqualTo(KurrentVersion.V25_1.number());
        assertThat(report.path("passed").asBoolean()).isTrue();
        assertThat(report.path("tests")).hasSizeGreaterThan(30).allSatisfy(test -> {
            assertThat(test.path("passed").asBoolean()).isTrue();
            assertThat(test.path("chapter").asText()).isNotEmpty();
            assertThat(test.path("name").asText()).contains(" ");
        });
        assertThat(folder.resolve("kit.json")).doesNotExist();
    }

    @Test
    void no_test_passes_where_no_server_is() {
        Judged gone = new Judged("kurrentdb://127.0.0.1:1?tls=false&maxDiscoverAttempts=1", "127.0.0.1:1", "25.1.0");
        ConformanceReport report = ConformanceRun.of(gone, test -> {});
        assertThat(report.tests()).hasSizeGreaterThan(30).noneMatch(ConformanceReport.Finding::passed);
        assertThat(report.passed()).isFalse();
        assertThat(report.failures()).allMatch(test -> !test.message().isEmpty());
    }

    @Test
    void the_kit_judges_through_the_backend_and_writes_json_and_a_page() throws IOException {
        try (KurrentServer server = KurrentServers.own(KurrentVersion.V25_1)) {
            int code = run(
                    "--url",
                    server.url(),
                    "--out",
                    folder.toString(),
                    "--only",
                    "kit",
                    "--rounds",
                    "1",
                    "--rules",
                    "A-01,A-02,R");
            assertThat(err).hasToString("");
            assertThat(code).isZero();
        }
        assertThat(json("kit.json").path("checks")).hasSizeGreaterThan(20);
        assertThat(Files.readString(folder.resolve("kit.html"))).contains("A-01");
    }

    @Test
    void rules_that_nobody_knows_are_refused_with_those_that_there_are() {
        assertThat(run("--url", "kurrentdb://127.0.0.1:1?tls=false", "--rules", "A-99"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("A-99", "A (Append)");
    }

    @Test
    void without_a_server_it_says_how_to_name_one() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--url", "-Dpolylog.kurrentdb.url", "serve");
    }

    @Test
    void a_server_that_does_not_answer_is_named_without_its_password() {
        assertThat(run("--url", "kurrentdb://app:s3cr3t-word@127.0.0.1:1?tls=false&maxDiscoverAttempts=1"))
                .isEqualTo(JudgeCommand.UNREACHABLE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("127.0.0.1:1").doesNotContain("s3cr3t-word");
    }

    @Test
    void a_url_that_makes_no_sense_is_refused_without_showing_it() {
        assertThat(run("--url", "kurrentdb://app:s3cr3t-word@127.0.0.1:1?tls=maybe"))
                .isEqualTo(JudgeCommand.UNREACHABLE);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("expected").doesNotContain("s3cr3t-word");
    }

    @Test
    void a_version_that_it_cannot_show_is_refused_with_those_that_it_can() {
        assertThat(run("serve", "--as", "22.6")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("22.6", "23.10", "25.1");
    }
}
