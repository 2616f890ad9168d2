package dev.polylog.tck.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes a report for every class that ran the kit, into the folder that the system property {@value #FOLDER} names.
 *
 * <p>JUnit finds it by itself; without the property it writes nothing. Thread-safe.
 */
public final class ReportListener extends Results {

    /** The system property that names the folder; a report is called after its class, with {@code .json}. */
    public static final String FOLDER = "polylog.tck.reports";

    /** Made by JUnit. */
    public ReportListener() {}

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        String folder = System.getProperty(FOLDER, "");
        if (!folder.isEmpty()) {
            reports().forEach((name, report) -> write(Path.of(folder, name + ".json"), report));
        }
    }

    private static void write(Path file, TckReport report) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, report.toJson());
        } catch (IOException e) {
            throw new UncheckedIOException("the kit's report cannot be written to " + file, e);
        }
    }
}
