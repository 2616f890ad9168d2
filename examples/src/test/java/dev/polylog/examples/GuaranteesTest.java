package dev.polylog.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.tck.report.GuaranteeMatrix;
import dev.polylog.tck.report.Specification;
import dev.polylog.tck.report.TckReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The guarantees in the documents are what the compatibility kit found in this build. To write them anew after a change:
 * {@code mvn verify -Dpolylog.documents=write}.
 */
class GuaranteesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String BEGIN = "<!-- guarantees: made by the compatibility kit; do not edit -->\n";
    private static final String END = "<!-- end of guarantees -->";

    private final Specification specification = Specification.load();

    @Test
    void theReadmesTableIsWhatTheKitFound() throws IOException {
        check(ROOT.resolve("README.md"), GuaranteeMatrix.summary(specification, reports()));
    }

    @Test
    void theTableOfAllRulesIsWhatTheKitFound() throws IOException {
        check(ROOT.resolve("docs/guarantees.md"), GuaranteeMatrix.rules(specification, reports()));
    }

    private static void check(Path document, String table) throws IOException {
        String text = Files.readString(document);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        assertThat(end).as("%s has a place for the guarantees", document).isGreaterThanOrEqualTo(begin);
        String wanted = text.substring(0, begin) + table + text.substring(end);
        if (System.getProperty("polylog.documents", "").equals("write")) {
            Files.writeString(document, wanted);
        }
        assertThat(Files.readString(document))
                .as("after a change: mvn verify -Dpolylog.documents=write")
                .isEqualTo(wanted);
    }

    /** The reports that the backends' own tests have left in this build, stores first, the reference last. */
    private static List<TckReport> reports() throws IOException {
        List<Path> modules;
        try (Stream<Path> folders = Files.list(ROOT)) {
            modules = folders.filter(folder -> folder.getFileName().toString().startsWith("backend-"))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
        }
        return Stream.concat(modules.stream(), Stream.of(ROOT.resolve("tck")))
                .map(GuaranteesTest::report)
                .toList();
    }

    private static TckReport report(Path module) {
        Path folder = module.resolve("target/polylog-tck");
        try (Stream<Path> files = Files.list(folder)) {
            return TckReport.read(files.filter(
                            file -> file.getFileName().toString().matches("dev\\.polylog\\.\\w+\\.\\w+TckTest\\.json"))
                    .min(Comparator.comparing(file -> file.toString().length()))
                    .orElseThrow(() -> new AssertionError("no report of the kit in " + folder)));
        } catch (IOException e) {
            throw new AssertionError("the kit has not run in " + module + "; run mvn verify in the root folder", e);
        }
    }
}
