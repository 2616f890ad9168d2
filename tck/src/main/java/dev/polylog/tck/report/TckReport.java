package dev.polylog.tck.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run of the kit found out about a store.
 *
 * <p>Immutable and thread-safe.
 *
 * @param backend the store's name, from its traits
 * @param traits what the store declares, by name
 * @param checks every check that ran, by name
 */
public record TckReport(String backend, Map<String, String> traits, List<Check> checks) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Copies both. */
    public TckReport {
        traits = Collections.unmodifiableMap(new TreeMap<>(traits));
        checks = List.copyOf(checks);
    }

    /** What became of a check. */
    public enum Status {
        /** The store did what the rule says. */
        PASSED,
        /** It did not, or the check could not be run to its end. */
        FAILED
    }

    /**
     * One check of one rule.
     *
     * @param rule the rule's id
     * @param name the check's name, which is a sentence
     * @param status what became of it
     * @param millis how long it took
     * @param message what went wrong; empty if nothing did
     */
    public record Check(String rule, String name, Status status, long millis, String message) {

        /**
         * Whether the store passed.
         *
         * @return true if it did what the rule says
         */
        public boolean passed() {
            return status == Status.PASSED;
        }
    }

    /**
     * Whether the store passed every check, and there were any.
     *
     * @return true if nothing failed
     */
    public boolean passed() {
        return !checks.isEmpty() && checks.stream().allMatch(Check::passed);
    }

    /**
     * The checks of one rule.
     *
     * @param rule the rule's id
     * @return its checks, maybe none
     */
    public List<Check> checksOf(String rule) {
        return checks.stream().filter(check -> check.rule().equals(rule)).toList();
    }

    /**
     * The report as JSON.
     *
     * @return an indented document
     */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a report cannot be written as JSON", e);
        }
    }

    /**
     * Reads a report back.
     *
     * @param file what {@link #toJson()} gave
     * @return the report
     * @throws UncheckedIOException if the file cannot be read or is no report
     */
    public static TckReport read(Path file) {
        try {
            return JSON.readValue(Files.readAllBytes(file), TckReport.class);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " is not a report of the kit", e);
        }
    }
}
