package dev.polylog.sqlite;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendTraits.Limits;
import dev.polylog.spi.BackendUrl;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which file, and how to treat it.
 *
 * <p>Made by {@link #parse(BackendUrl)} or {@link #builder(Path)}, which report every mistake at once as
 * {@link InvalidStoreUrl}. Immutable and thread-safe.
 *
 * @param file the database file, absolute; its folder must exist
 * @param busyTimeout how long a call waits for other processes and for other calls of this one before it fails with
 *     {@link dev.polylog.StoreUnavailable}; from 1 ms to 10 minutes
 * @param pollInterval how often the file is looked at for what other processes wrote, while somebody listens; from 10 ms
 *     to 50 ms
 * @param readers how many reads run at the same time, each on a connection of its own; from 1 to 64
 * @param synchronous when commits reach the disk; anything but {@link Synchronous#FULL} may lose acknowledged events
 * @param limits the sizes beyond which an append is refused
 */
public record SqliteConfig(
        Path file, Duration busyTimeout, Duration pollInterval, int readers, Synchronous synchronous, Limits limits) {

    private static final Limits DEFAULT_LIMITS = new Limits(10_000, 1_000, 16 << 20, 256 << 10, 64L << 20);

    /** SQLite takes values up to 1,000,000,000 bytes; a row needs some for itself. */
    private static final long MOST_BYTES = 500_000_000;

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Duration SHORTEST_POLL = Duration.ofMillis(10);
    private static final Duration LONGEST_POLL = Duration.ofMillis(50);
    private static final int MOST_READERS = 64;

    /** When a commit reaches the disk: SQLite's {@code synchronous} setting. */
    public enum Synchronous {
        /** Before it is acknowledged or shown to any reader: an acknowledged event survives the loss of power. */
        FULL,
        /** Some time later: the loss of power loses acknowledged events (traits say {@code VOLATILE}). */
        UNSAFE_NORMAL,
        /** When the operating system likes: the loss of power may destroy the file (traits say {@code VOLATILE}). */
        UNSAFE_OFF;

        /** The number by which SQLite knows the setting. */
        int code() {
            return switch (this) {
                case FULL -> 2;
                case UNSAFE_NORMAL -> 1;
                case UNSAFE_OFF -> 0;
            };
        }
    }

    /** Makes the file absolute and rejects what is out of range, all at once. */
    public SqliteConfig {
        file = file.toAbsolutePath().normalize();
        List<String> problems = problems(file, busyTimeout, pollInterval, readers);
        problems.addAll(problems(limits));
        if (!problems.isEmpty()) {
            throw new InvalidStoreUrl("sqlite:" + file, problems);
        }
    }

    private static List<String> problems(Path file, Duration busyTimeout, Duration pollInterval, int readers) {
        List<String> problems = new ArrayList<>();
        if (file.toString().indexOf('?') >= 0) {
            problems.add("the file's path contains a question mark, which SQLite's driver does not take as a part of a"
                    + " path; rename the file or folder");
        }
        if (busyTimeout.toMillis() < 1 || busyTimeout.compareTo(LONGEST_WAIT) > 0) {
            problems.add("busyTimeout is " + busyTimeout.toMillis() + " ms; expected 1 ms to 10 minutes");
        }
        if (pollInterval.compareTo(SHORTEST_POLL) < 0 || pollInterval.compareTo(LONGEST_POLL) > 0) {
            problems.add("pollInterval is " + pollInterval.toMillis() + " ms; expected 10 ms to 50 ms");
        }
        if (readers < 1 || readers > MOST_READERS) {
            problems.add("readers is " + readers + "; expected 1 to " + MOST_READERS);
        }
        return problems;
    }

    private static List<String> problems(Limits limits) {
        List<String> problems = new ArrayList<>();
        if (limits.maxPayloadBytes() > MOST_BYTES || limits.maxMetadataBytes() > MOST_BYTES) {
            problems.add("maxPayloadBytes or maxMetadataBytes is above " + MOST_BYTES + ", which SQLite cannot store");
        }
        return problems;
    }

    /**
     * The configuration that a URL asks for: {@code sqlite:path/to/file.db} with the options {@code busyTimeout},
     * {@code pollInterval}, {@code readers}, {@code maxEventsPerAppend}, {@code maxPayloadBytes},
     * {@code maxMetadataBytes}, {@code maxAppendBytes}, and {@code unsafeSynchronous} ({@code normal} or {@code off}),
     * whose name is the risk.
     *
     * @param url the URL
     * @return the configuration
     * @throws InvalidStoreUrl if anything is wrong; lists everything
     */
    public static SqliteConfig parse(BackendUrl url) {
        BackendUrl.Options options = url.options();
        Builder builder = new Builder(path(url, options));
        builder.busyTimeout(options.duration("busyTimeout", builder.busyTimeout))
                .pollInterval(options.duration("pollInterval", builder.pollInterval))
                .readers((int) options.number("readers", 1, MOST_READERS, builder.readers))
                .synchronous(synchronous(options))
                .limits(limits(options));
        problems(builder.file, builder.busyTimeout, builder.pollInterval, builder.readers)
                .forEach(options::problem);
        options.finish();
        return builder.build();
    }

    private static Path path(BackendUrl url, BackendUrl.Options options) {
        String address = url.address();
        if (address.isBlank() || address.startsWith(":memory:")) {
            options.problem("a log in memory is not SQLite's business here; use memory: or, to keep events, name a"
                    + " file such as sqlite:events.db");
        }
        try {
            return Path.of(address);
        } catch (InvalidPathException e) {
            options.problem("the path cannot be used: " + e.getReason());
            return Path.of("");
        }
    }

    private static Synchronous synchronous(BackendUrl.Options options) {
        String value = options.text("unsafeSynchronous", "");
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "" -> Synchronous.FULL;
            case "normal" -> Synchronous.UNSAFE_NORMAL;
            case "off" -> Synchronous.UNSAFE_OFF;
            default -> {
                options.problem("option unsafeSynchronous is not normal or off; leave it out for full durability");
                yield Synchronous.FULL;
            }
        };
    }

    private static Limits limits(BackendUrl.Options options) {
        Limits usual = DEFAULT_LIMITS;
        int events =
                (int) options.number("maxEventsPerAppend", Limits.LEAST_EVENTS, 1_000_000, usual.maxEventsPerAppend());
        int payload = (int)
                options.number("maxPayloadBytes", Limits.LEAST_PAYLOAD_BYTES, MOST_BYTES, usual.maxPayloadBytes());
        int metadata = (int) options.number("maxMetadataBytes", 1, MOST_BYTES, usual.maxMetadataBytes());
        long append =
                options.number("maxAppendBytes", payload, 4 * MOST_BYTES, Math.max(payload, usual.maxAppendBytes()));
        return new Limits(events, usual.maxStreamsPerAppend(), payload, metadata, append);
    }

    /**
     * A configuration to be built by hand.
     *
     * @param file the database file; its folder must exist
     * @return a new builder with the usual values
     */
    public static Builder builder(Path file) {
        return new Builder(file);
    }

    /** The address as messages show it. */
    String address() {
        return "sqlite:" + file;
    }

    /** Builds a {@link SqliteConfig}. Not thread-safe. */
    public static final class Builder {

        private final Path file;
        private Duration busyTimeout = Duration.ofSeconds(5);
        private Duration pollInterval = Duration.ofMillis(20);
        private int readers = 4;
        private Synchronous synchronous = Synchronous.FULL;
        private Limits limits = DEFAULT_LIMITS;

        private Builder(Path file) {
            this.file = file;
        }

        /**
         * How long a call waits for others; 5 seconds where not given.
         *
         * @param wanted from 1 ms to 10 minutes
         * @return this builder
         */
        public Builder busyTimeout(Duration wanted) {
            this.busyTimeout = wanted;
            return this;
        }

        /**
         * How often to look for what other processes wrote; 20 ms where not given.
         *
         * @param wanted from 10 ms to 50 ms
         * @return this builder
         */
        public Builder pollInterval(Duration wanted) {
            this.pollInterval = wanted;
            return this;
        }

        /**
         * How many reads run at the same time; 4 where not given.
         *
         * @param wanted from 1 to 64
         * @return this builder
         */
        public Builder readers(int wanted) {
            this.readers = wanted;
            return this;
        }

        /**
         * When commits reach the disk; {@link Synchronous#FULL} where not given.
         *
         * @param wanted the setting
         * @return this builder
         */
        public Builder synchronous(Synchronous wanted) {
            this.synchronous = wanted;
            return this;
        }

        /**
         * The sizes beyond which an append is refused; 10,000 events, 1,000 streams, 16 MiB of payload and 256 KiB of
         * metadata an event and 64 MiB an append where not given.
         *
         * @param wanted the limits
         * @return this builder
         */
        public Builder limits(Limits wanted) {
            this.limits = wanted;
            return this;
        }

        /**
         * The configuration.
         *
         * @return a new configuration
         * @throws InvalidStoreUrl if anything is wrong; lists everything
         */
        public SqliteConfig build() {
            return new SqliteConfig(file, busyTimeout, pollInterval, readers, synchronous, limits);
        }
    }
}
