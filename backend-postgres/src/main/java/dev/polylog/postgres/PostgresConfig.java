package dev.polylog.postgres;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendTraits.Limits;
import dev.polylog.spi.BackendUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Which log in which database, and how to treat it.
 *
 * <p>Made by {@link #parse(BackendUrl)}, {@link #builder(PostgresServer)} or {@link #builder(DataSource)}, which report
 * every mistake at once as {@link InvalidStoreUrl}. Shows no password. Immutable and thread-safe.
 *
 * @param source where connections come from
 * @param schema the schema that holds the log: 1 to 50 of {@code a-z}, {@code 0-9} and {@code _}, not beginning with a
 *     digit or {@code pg_}
 * @param pooler what stands between here and the server
 * @param signal how growth is noticed that other processes cause
 * @param connections how many reads and cell operations run at the same time, each on a connection of its own, besides
 *     one connection for appends and up to two for signals; from 1 to 64; of no effect where the source is a data source
 * @param connectTimeout how long the server may take to answer a new connection; from 100 ms to 10 minutes
 * @param lockTimeout how long an append waits for the appends of other processes before it fails with
 *     {@link dev.polylog.StoreUnavailable}; from 1 ms to 10 minutes
 * @param socketTimeout how long an answer may take before the connection is given up; more than the lock timeout, at most
 *     1 hour; of no effect where the source is a data source
 * @param risks settings of the server that break promises and are accepted all the same
 * @param limits the sizes beyond which an append is refused
 */
public record PostgresConfig(
        Source source,
        String schema,
        Pooler pooler,
        Signalling signal,
        int connections,
        Duration connectTimeout,
        Duration lockTimeout,
        Duration socketTimeout,
        Set<Risk> risks,
        Limits limits) {

    private static final Limits DEFAULT_LIMITS = new Limits(10_000, 1_000, 16 << 20, 256 << 10, 64L << 20);
    private static final Pattern SCHEMA = Pattern.compile("(?!pg_)[a-z_][a-z0-9_]{0,49}");
    private static final Duration LEAST_CONNECT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final Duration LONGEST_ANSWER = Duration.ofHours(1);

    /** PostgreSQL takes values up to 1 GB, and messages of that size with all of a group in them. */
    private static final long MOST_BYTES = 128L << 20;

    private static final int MOST_CONNECTIONS = 64;

    /** Where connections come from. */
    public sealed interface Source permits PostgresServer, Given {

        /**
         * The address as messages show it.
         *
         * @return the address, without secrets
         */
        String address();
    }

    /**
     * Connections of the application's own making: its pool. Every connection must come with auto-commit on or allow it
     * to be switched on, and have a socket timeout.
     *
     * @param dataSource gives connections; never closed here
     */
    public record Given(DataSource dataSource) implements Source {

        /** Rejects null. */
        public Given {
            Objects.requireNonNull(dataSource, "dataSource");
        }

        @Override
        public String address() {
            return "postgresql (the application's data source)";
        }

        @Override
        public String toString() {
            return address();
        }
    }

    /** What stands between here and the server. */
    public enum Pooler {
        /** Nothing, or a pooler that gives each connection a server process of its own for its whole life. */
        NONE,
        /**
         * A pooler that gives out a server process for one transaction at a time, such as PgBouncer in transaction mode:
         * no prepared statements, no LISTEN, no settings of a session; doubt about appends takes longer to resolve.
         */
        TRANSACTION
    }

    /** How growth of the log is noticed that other processes cause. */
    public enum Signalling {
        /** By LISTEN and NOTIFY, and by looking once a second where these fail. */
        LISTEN,
        /** By looking, every 50 ms while the log grows and down to once a second while it does not. */
        POLL
    }

    /** A setting of the server that breaks a promise. */
    public enum Risk {
        /** {@code fsync=off}: the loss of power destroys the database. */
        FSYNC_OFF("acceptFsyncOff"),
        /** {@code full_page_writes=off}: the loss of power may destroy pages of the database. */
        FULL_PAGE_WRITES_OFF("acceptFullPageWritesOff");

        private final String option;

        Risk(String option) {
            this.option = option;
        }

        /** The option of a URL by which it is accepted. */
        String option() {
            return option;
        }
    }

    /** Copies, and rejects what is out of range, all at once. */
    public PostgresConfig {
        risks = Set.copyOf(risks);
        List<String> problems = new ArrayList<>();
        check(schema, connections, connectTimeout, lockTimeout, socketTimeout, problems::add);
        if (limits.maxPayloadBytes() > MOST_BYTES || limits.maxAppendBytes() > 2 * MOST_BYTES) {
            problems.add("maxPayloadBytes is above " + MOST_BYTES + " or maxAppendBytes above " + 2 * MOST_BYTES
                    + ", which one call of PostgreSQL cannot hold");
        }
        if (pooler == Pooler.TRANSACTION && signal == Signalling.LISTEN) {
            problems.add("LISTEN does not work behind a transaction pooler; ask for signals by looking (listen=false)");
        }
        if (!problems.isEmpty()) {
            throw new InvalidStoreUrl(source.address(), problems);
        }
    }

    private static void check(
            String schema,
            int connections,
            Duration connectTimeout,
            Duration lockTimeout,
            Duration socketTimeout,
            Consumer<String> problems) {
        if (!SCHEMA.matcher(schema).matches()) {
            problems.accept("the schema's name is not made of 1 to 50 of a-z, 0-9 and _, beginning with a letter or _"
                    + " and not with pg_");
        }
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            problems.accept("connections is " + connections + "; expected 1 to " + MOST_CONNECTIONS);
        }
        if (connectTimeout.compareTo(LEAST_CONNECT) < 0 || connectTimeout.compareTo(LONGEST_WAIT) > 0) {
            problems.accept("connectTimeout is " + connectTimeout.toMillis() + " ms; expected 100 ms to 10 minutes");
        }
        if (lockTimeout.toMillis() < 1 || lockTimeout.compareTo(LONGEST_WAIT) > 0) {
            problems.accept("lockTimeout is " + lockTimeout.toMillis() + " ms; expected 1 ms to 10 minutes");
        }
        if (socketTimeout.compareTo(lockTimeout) <= 0 || socketTimeout.compareTo(LONGEST_ANSWER) > 0) {
            problems.accept("socketTimeout is " + socketTimeout.toMillis() + " ms; expected more than the lockTimeout ("
                    + lockTimeout.toMillis() + " ms), at most 1 hour");
        }
    }

    /**
     * The configuration that a URL asks for: {@code postgresql://user:password@host:port/database}, several hosts
     * separated by commas, or {@code jdbc:postgresql:} in place of {@code postgresql:}. Options: those of
     * {@link PostgresServer}, and {@code schema}, {@code pooler} ({@code none}, {@code transaction}), {@code listen}
     * ({@code true}, {@code false}), {@code connections}, {@code connectTimeout}, {@code lockTimeout},
     * {@code socketTimeout}, {@code acceptFsyncOff}, {@code acceptFullPageWritesOff}, {@code maxEventsPerAppend},
     * {@code maxPayloadBytes}, {@code maxMetadataBytes} and {@code maxAppendBytes}.
     *
     * @param url the URL
     * @return the configuration
     * @throws InvalidStoreUrl if anything is wrong; lists everything
     */
    public static PostgresConfig parse(BackendUrl url) {
        BackendUrl.Options options = url.options();
        Builder builder = new Builder(PostgresServer.parse(url, options));
        builder.schema(options.text("schema", builder.schema))
                .pooler(pooler(options))
                .connections((int) options.number("connections", 1, MOST_CONNECTIONS, builder.connections))
                .connectTimeout(options.duration("connectTimeout", builder.connectTimeout))
                .lockTimeout(options.duration("lockTimeout", builder.lockTimeout))
                .socketTimeout(options.duration("socketTimeout", builder.socketTimeout))
                .risks(risks(options))
                .limits(limits(options));
        boolean listen = options.flag("listen", builder.pooler == Pooler.NONE);
        builder.signal(listen ? Signalling.LISTEN : Signalling.POLL);
        check(
                builder.schema,
                builder.connections,
                builder.connectTimeout,
                builder.lockTimeout,
                builder.socketTimeout,
                options::problem);
        options.finish();
        return builder.build();
    }

    private static Pooler pooler(BackendUrl.Options options) {
        return switch (options.text("pooler", "none")) {
            case "none" -> Pooler.NONE;
            case "transaction" -> Pooler.TRANSACTION;
            default -> {
                options.problem("option pooler is not none or transaction");
                yield Pooler.NONE;
            }
        };
    }

    private static Set<Risk> risks(BackendUrl.Options options) {
        Set<Risk> accepted = EnumSet.noneOf(Risk.class);
        for (Risk risk : Risk.values()) {
            if (options.flag(risk.option(), false)) {
                accepted.add(risk);
            }
        }
        return accepted;
    }

    private static Limits limits(BackendUrl.Options options) {
        Limits usual = DEFAULT_LIMITS;
        int events =
                (int) options.number("maxEventsPerAppend", Limits.LEAST_EVENTS, 100_000, usual.maxEventsPerAppend());
        int payload = (int)
                options.number("maxPayloadBytes", Limits.LEAST_PAYLOAD_BYTES, MOST_BYTES, usual.maxPayloadBytes());
        int metadata = (int) options.number("maxMetadataBytes", 1, MOST_BYTES, usual.maxMetadataBytes());
        long append =
                options.number("maxAppendBytes", payload, 2 * MOST_BYTES, Math.max(payload, usual.maxAppendBytes()));
        return new Limits(events, usual.maxStreamsPerAppend(), payload, metadata, append);
    }

    /**
     * A configuration to be built by hand, over a server.
     *
     * @param server where the server is, and how to log in
     * @return a new builder with the usual values
     */
    public static Builder builder(PostgresServer server) {
        return new Builder(server);
    }

    /**
     * A configuration to be built by hand, over the application's own connections.
     *
     * @param dataSource gives connections; never closed by the backend
     * @return a new builder with the usual values
     */
    public static Builder builder(DataSource dataSource) {
        return new Builder(new Given(dataSource));
    }

    /** The address as messages show it. */
    String address() {
        return source.address();
    }

    /** Builds a {@link PostgresConfig}. Not thread-safe. */
    public static final class Builder {

        private final Source source;
        private String schema = "polylog";
        private Pooler pooler = Pooler.NONE;
        private Signalling signal = Signalling.LISTEN;
        private int connections = 8;
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration lockTimeout = Duration.ofSeconds(5);
        private Duration socketTimeout = Duration.ofSeconds(20);
        private Set<Risk> risks = Set.of();
        private Limits limits = DEFAULT_LIMITS;

        private Builder(Source source) {
            this.source = source;
        }

        /**
         * The schema that holds the log; {@code polylog} where not given. Several logs may live in one database.
         *
         * @param wanted 1 to 50 of {@code a-z}, {@code 0-9} and {@code _}
         * @return this builder
         */
        public Builder schema(String wanted) {
            this.schema = wanted;
            return this;
        }

        /**
         * What stands between here and the server; nothing where not given.
         *
         * @param wanted the kind of pooler; with {@link Pooler#TRANSACTION} ask for {@link Signalling#POLL} too
         * @return this builder
         */
        public Builder pooler(Pooler wanted) {
            this.pooler = wanted;
            return this;
        }

        /**
         * How growth is noticed that other processes cause; {@link Signalling#LISTEN} where not given.
         *
         * @param wanted the way
         * @return this builder
         */
        public Builder signal(Signalling wanted) {
            this.signal = wanted;
            return this;
        }

        /**
         * How many reads run at the same time; 8 where not given.
         *
         * @param wanted from 1 to 64
         * @return this builder
         */
        public Builder connections(int wanted) {
            this.connections = wanted;
            return this;
        }

        /**
         * How long the server may take to answer a new connection; 5 seconds where not given.
         *
         * @param wanted from 100 ms to 10 minutes
         * @return this builder
         */
        public Builder connectTimeout(Duration wanted) {
            this.connectTimeout = wanted;
            return this;
        }

        /**
         * How long an append waits for those of other processes; 5 seconds where not given.
         *
         * @param wanted from 1 ms to 10 minutes
         * @return this builder
         */
        public Builder lockTimeout(Duration wanted) {
            this.lockTimeout = wanted;
            return this;
        }

        /**
         * How long an answer may take; 20 seconds where not given.
         *
         * @param wanted more than the lock timeout, at most 1 hour
         * @return this builder
         */
        public Builder socketTimeout(Duration wanted) {
            this.socketTimeout = wanted;
            return this;
        }

        /**
         * Settings of the server that break promises and are accepted all the same; none where not given.
         *
         * @param wanted the risks that are taken
         * @return this builder
         */
        public Builder risks(Set<Risk> wanted) {
            this.risks = wanted;
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
        public PostgresConfig build() {
            return new PostgresConfig(
                    source,
                    schema,
                    pooler,
                    signal,
                    connections,
                    connectTimeout,
                    lockTimeout,
                    socketTimeout,
                    risks,
                    limits);
        }
    }
}
