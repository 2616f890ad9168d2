package dev.polylog.conformance.kurrentdb;

import dev.polylog.eventstoredb.KurrentBackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.tck.Unreachable;
import dev.polylog.tck.report.RuleChoice;
import dev.polylog.tck.report.TckReport;
import dev.polylog.tck.report.TckReport.Check;
import dev.polylog.tck.report.TckRunner;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the compatibility kit against a server, through the KurrentDB backend. Stateless and thread-safe. */
final class KitRun {

    private static final String NOWHERE = "127.0.0.1:1";

    private KitRun() {}

    /**
     * Judges a server.
     *
     * @param server which
     * @param rules by which
     * @param settings the kit's, by their names in {@link dev.polylog.tck.TckExtension}
     * @param onCheck told of every check as it ends
     */
    static TckReport of(Judged server, RuleChoice rules, Map<String, String> settings, Consumer<Check> onCheck) {
        BackendUrl url = BackendUrl.parse(server.url());
        return TckRunner.run(
                TckRunner.harness(
                        () -> new KurrentBackendProvider().open(url),
                        new Unreachable.At("kurrentdb://" + NOWHERE + "?tls=false", NOWHERE, List.of())),
                rules,
                settings,
                onCheck);
    }
}
