package dev.polylog.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String NAME = "POLYLOG_TEST_CHILD";

    @TempDir
    private Path folder;

    private final List<ChildJvm> children = new ArrayList<>();

    @AfterEach
    void end() {
        children.forEach(ChildJvm::close);
    }

    /** Says who it is, and then ends with an exit code, or makes a file and goes on for ever. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws Exception {
            System.out.println("I am " + System.getenv(NAME) + " with "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MB");
            if (arguments[0].equals("file")) {
                Files.createFile(Path.of(arguments[1]));
                Thread.sleep(Long.MAX_VALUE);
            }
            System.err.println("the end");
            System.exit(Integer.parseInt(arguments[1]));
        }
    }

    private ChildJvm start(String... arguments) throws IOException {
        ProcessBuilder command = ChildJvm.command(
                List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), Child.class, arguments);
        command.environment().put(NAME, "somebody");
        ChildJvm child = ChildJvm.start(command, folder.resolve("out-" + children.size()));
        children.add(child);
        return child;
    }

    @Test
    void a_process_that_ends_well_has_got_its_options_arguments_and_environment() throws Exception {
        ChildJvm child = start("exit", "0");
        child.awaitSuccess(PATIENCE);
        assertThat(Files.readString(child.output())).startsWith("I am somebody with 3");
    }

    @Test
    void a_process_that_ends_badly_is_told_with_what_it_said() throws Exception {
        ChildJvm child = start("exit", "7");
        assertThatThrownBy(() -> child.awaitSuccess(PATIENCE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("ended with 7", "I am somebody", "the end");
    }

    @Test
    void a_process_that_does_not_end_in_time_is_told() throws Exception {
        Path file = folder.resolve("made");
        ChildJvm child = start("file", file.toString());
        child.awaitFile(file, PATIENCE);
        assertThatThrownBy(() -> child.awaitSuccess(Duration.ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("goes on");
    }

    @Test
    void a_process_that_ends_without_its_sign_is_told_at_once() throws Exception {
        ChildJvm child = start("exit", "0");
        assertThatThrownBy(() -> child.awaitFile(folder.resolve("never"), Duration.ofDays(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("no file never", "ended with 0");
    }

    @Test
    void a_process_that_is_killed_does_nothing_more() throws Exception {
        Path file = folder.resolve("made");
        ChildJvm child = start("file", file.toString());
        child.awaitFile(file, PATIENCE);
        child.kill();
        assertThatThrownBy(() -> child.awaitSuccess(PATIENCE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ended with 137");
    }
}
