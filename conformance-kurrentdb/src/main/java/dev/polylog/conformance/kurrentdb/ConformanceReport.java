package dev.polylog.conformance.kurrentdb;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What the conformance tests found out about a server. Immutable and thread-safe.
 *
 * @param server the version that the server says it is
 * @param address where it is, without a password
 * @param tests every test, in the order in which they ran
 */
@JsonPropertyOrder({"format", "server", "address", "passed", "tests"})
public record ConformanceReport(String server, String address, List<Finding> tests) {

    /**
     * What became of one test.
     *
     * @param chapter what it belongs to, for example {@code Append}
     * @param name what it says of the server
     * @param passed whether that is so
     * @param millis how long it took
     * @param message why not; empty where it passed
     */
    public record Finding(String chapter, String name, boolean passed, long millis, String message) {}

    /** Copies the list. */
    public ConformanceReport {
        tests = List.copyOf(tests);
    }

    /**
     * The number of this JSON's form.
     *
     * @return 1
     */
    @JsonProperty
    public int format() {
        return 1;
    }

    /**
     * Whether there were tests and all passed.
     *
     * @return true if so
     */
    @JsonProperty
    public boolean passed() {
        return !tests.isEmpty() && tests.stream().allMatch(Finding::passed);
    }

    /**
     * Those that did not pass.
     *
     * @return the tests, in order
     */
    public List<Finding> failures() {
        return tests.stream().filter(test -> !test.passed()).toList();
    }

    /**
     * The report as JSON.
     *
     * @return indented text
     */
    public String toJson() {
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
