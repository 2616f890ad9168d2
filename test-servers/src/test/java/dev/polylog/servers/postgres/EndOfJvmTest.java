package dev.polylog.servers.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.polylog.servers.ProcessServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EndOfJvmTest {

    @Test
    void a_jvm_that_ends_by_itself_leaves_neither_process_nor_folder() throws Exception {
        nothingIsLeftOf("running", jvm -> jvm.getOutputStream().close());
    }

    @Test
    void a_jvm_that_is_told_to_end_leaves_neither_process_nor_folder() throws Exception {
        nothingIsLeftOf("running", Process::destroy);
    }

    @Test
    void a_killed_jvm_leaves_neither_process_nor_folder() throws Exception {
        nothingIsLeftOf("running", Process::destroyForcibly);
    }

    @Test
    void a_jvm_killed_while_its_server_is_paused_leaves_neither_process_nor_folder() throws Exception {
        nothingIsLeftOf("paused", Process::destroyForcibly);
    }

    private interface End {
        void of(Process jvm) throws IOException;
    }

    private static void nothingIsLeftOf(String state, End end) throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerHolder.class.getName(),
                        state)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = jvm.inputReader(UTF_8)) {
            List<Long> ids =
                    Stream.of(output.readLine().split(" ")).map(Long::valueOf).toList();
            Path folder = Path.of(output.readLine());
            assertThat(ids).hasSizeGreaterThan(4);
            assertThat(ProcessServer.gone(ids.get(0))).isFalse();
            assertThat(folder).isDirectory();
            end.of(jvm);
            jvm.waitFor();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> ids.stream().allMatch(ProcessServer::gone) && Files.notExists(folder));
        } finally {
            jvm.destroyForcibly();
        }
    }
}
