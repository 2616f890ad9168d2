package dev.polylog.cli.command;

import dev.polylog.StreamId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** A stream or everything, and which events of it. For one run. */
final class Source {

    @ArgGroup(multiplicity = "0..1")
    private StreamOrAll streamOrAll = new StreamOrAll();

    @Mixin
    private FilterOptions filters = new FilterOptions();

    /** Either of them. */
    static final class StreamOrAll {

        @Parameters(paramLabel = "STREAM", description = "The stream, for example Order-42.")
        private @Nullable String stream;

        @Option(names = "--all", description = "All streams, in the one global order.")
        private boolean all;
    }

    /** The stream; null for everything. */
    @Nullable
    StreamId stream() {
        return streamOrAll.all || streamOrAll.stream == null ? null : StreamId.of(streamOrAll.stream);
    }

    FilterOptions filters() {
        return filters;
    }

    /** Refuses what names neither a stream nor everything. */
    void require(CommandSpec spec) {
        if (streamOrAll.stream == null && !streamOrAll.all) {
            throw new ParameterException(spec.commandLine(), "name a stream, or read everything with --all");
        }
        check(spec);
    }

    /** Refuses what makes no sense together. */
    void check(CommandSpec spec) {
        if (streamOrAll.stream != null && filters.namesStreams()) {
            throw new ParameterException(
                    spec.commandLine(), "--category and --prefix choose among streams; use them with --all");
        }
    }
}
