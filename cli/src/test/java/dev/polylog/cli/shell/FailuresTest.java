package dev.polylog.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.PolylogException;
import dev.polylog.StoreUnavailable;
import dev.polylog.UnsupportedByStore;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FailuresTest {

    @Test
    void every_exception_of_a_store_has_a_code_of_its_own_choosing() throws Exception {
        Set<String> leaves = new HashSet<>();
        for (String name : classNames()) {
            Class<?> type = Class.forName("dev.polylog." + name);
            if (PolylogException.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())) {
                leaves.add(type.getName());
            }
        }
        assertThat(leaves).hasSizeGreaterThan(10);
        assertThat(Failures.known().stream().map(Class::getName)).containsExactlyInAnyOrderElementsOf(leaves);
    }

    /** The classes of the API's package, wherever they were loaded from. */
    private static List<String> classNames() throws IOException, URISyntaxException {
        Path origin = Path.of(PolylogException.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (Files.isDirectory(origin)) {
            return classNames(origin);
        }
        try (FileSystem jar = FileSystems.newFileSystem(origin)) {
            return classNames(jar.getPath("/"));
        }
    }

    private static List<String> classNames(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("dev/polylog"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .toList();
        }
    }

    @Test
    void codes_are_those_of_the_help_text() {
        assertThat(Failures.exitCode(new StoreUnavailable("gone", null))).isEqualTo(5);
        assertThat(Failures.exitCode(new UnsupportedByStore("no"))).isEqualTo(6);
        assertThat(Failures.exitCode(new NoSuchFileException("x"))).isEqualTo(3);
        assertThat(Failures.exitCode(new Interrupted(""))).isEqualTo(130);
        assertThat(Failures.exitCode(new IOException("x"))).isEqualTo(1);
        assertThat(Failures.exitCode(new IllegalStateException("x"))).isEqualTo(1);
    }

    @Test
    void what_nobody_expected_asks_for_a_report() {
        assertThat(Failures.message(new IllegalStateException("x")))
                .contains("should not have happened", "IllegalStateException", "--debug");
        assertThat(Failures.message(new NoSuchFileException("a.txt"))).isEqualTo("a.txt: no such file or directory");
    }
}
