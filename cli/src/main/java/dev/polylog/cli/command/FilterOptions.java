package dev.polylog.cli.command;

import dev.polylog.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which events are wanted, in commands that go through many. For one run. */
final class FilterOptions {

    @Option(
            names = "--category",
            paramLabel = "C",
            description = "Only streams of this category: the name up to its first hyphen. May be repeated.")
    private List<String> categories = new ArrayList<>();

    @Option(names = "--prefix", paramLabel = "P", description = "Only streams whose name begins so.")
    private @Nullable String prefix;

    @Option(names = "--type", paramLabel = "T", description = "Only events of this type. May be repeated.")
    private List<String> types = new ArrayList<>();

    Filter filter() {
        return new Filter(Set.copyOf(categories), prefix == null ? "" : prefix, Set.copyOf(types));
    }

    /** Whether something is asked for that makes no sense for a single stream. */
    boolean namesStreams() {
        return !categories.isEmpty() || prefix != null;
    }
}
