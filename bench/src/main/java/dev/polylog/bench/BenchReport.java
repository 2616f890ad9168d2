package dev.polylog.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came out of a comparison.
 *
 * <p>Immutable and thread-safe.
 *
 * @param environment where it ran
 * @param options what was asked for
 * @param stores what the stores declare, by URL
 * @param results one for each store and workload, in the order in which they were measured
 */
public record BenchReport(
        Environment environment, BenchOptions options, Map<String, StoreFacts> stores, List<Result> results) {

    /** Copies the collections. */
    public BenchReport {
        stores = new LinkedHashMap<>(stores);
        results = List.copyOf(results);
    }

    /**
     * What a store is.
     *
     * @param backend the backend's name
     * @param durability what an acknowledged event survives
     * @param traits everything that it declares, for people
     */
    public record StoreFacts(String backend, String durability, String traits) {}

    /**
     * One store in one workload, beside the plain ways to use what is below it.
     *
     * @param store the store's URL, without secrets
     * @param workload the workload
     * @param figures the store's figures; {@link Figures#ratioTo} gives its rate in relation to a baseline's
     * @param baselines the figures of each raw baseline; empty where there is none
     */
    public record Result(String store, Workload workload, Figures figures, List<Figures> baselines) {

        /** Copies the list. */
        public Result {
            baselines = List.copyOf(baselines);
        }
    }

    /**
     * Whether every run kept the rules.
     *
     * @return false if the history checker found something in any round
     */
    public boolean isSound() {
        return results.stream()
                .flatMap(result -> result.figures().rounds().stream())
                .allMatch(round -> round.violations().isEmpty());
    }

    /**
     * The report for people.
     *
     * @return a table with notes, in lines of text
     */
    public String toText() {
        return new TextReport(this).toString();
    }

    /**
     * Writes both forms into a folder, under names that begin with the moment of the run.
     *
     * @param folder where to; made if it is not there
     * @return the JSON document; the text is beside it
     * @throws IOException if they cannot be written
     */
    public Path writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        String name = "bench-" + environment.when().replaceAll("[^0-9TZ]", "");
        Path json = folder.resolve(name + ".json");
        Files.writeString(json, toJson());
        Files.writeString(folder.resolve(name + ".txt"), toText());
        return json;
    }

    /**
     * The report for programs, with every round.
     *
     * @return a JSON document
     */
    public String toJson() {
        return JsonReport.of(this);
    }
}
