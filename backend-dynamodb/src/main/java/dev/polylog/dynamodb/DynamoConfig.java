package dev.polylog.dynamodb;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendUrl;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Which table, and how to treat it.
 *
 * <p>Made by {@link #parse(BackendUrl)}, {@link #builder(String, String)} or {@link #builder(DynamoDbClient, String)}, which
 * report every mistake at once as {@link InvalidStoreUrl}. Immutable and thread-safe.
 *
 * @param source how DynamoDB is reached
 * @param table the table's name: 3 to 255 of letters, digits, {@code _}, {@code -} and {@code .}
 * @param preparation what to do where the table is missing
 * @param timeout how long an operation may take with all its repetitions; from 100 ms to 5 minutes
 * @param callTimeout how long one call of DynamoDB may take; from 50 ms up to the timeout
 */
public record DynamoConfig(
        Source source, String table, Preparation preparation, Duration timeout, Duration callTimeout) {

    private static final Pattern TABLE = Pattern.compile("[A-Za-z0-9_.-]{3,255}");
    private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z0-9]+){1,4}");
    private static final Pattern ADDRESS = Pattern.compile("//([^/]*)/([^/]*)");
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(100);
    private static final Duration LEAST_CALL = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration USUAL_CALL = Duration.ofSeconds(3);

    /** How DynamoDB is reached. */
    public sealed interface Source {

        /**
         * The address as messages show it.
         *
         * @return the address, without secrets
         */
        String address();
    }

    /**
     * A client that the backend makes and closes. Credentials come from where the SDK looks for them: environment, system
     * properties, profile, container or instance.
     *
     * @param region for example {@code eu-central-1}
     * @param endpoint where to go instead of the region's own endpoint; null for that
     * @param profile the profile of the shared configuration files; null for the default chain
     */
    public record Region(
            String region, @Nullable URI endpoint, @Nullable String profile) implements Source {

        @Override
        public String address() {
            URI elsewhere = endpoint;
            return elsewhere == null ? "dynamodb in " + region : "dynamodb at " + elsewhere.getAuthority();
        }
    }

    /**
     * The application's own client. It must not repeat calls by itself: build it with
     * {@code AwsRetryStrategy.doNotRetry()}.
     *
     * @param client never closed here
     */
    public record Given(DynamoDbClient client) implements Source {

        /** Rejects null. */
        public Given {
            Objects.requireNonNull(client, "client");
        }

        @Override
        public String address() {
            return "dynamodb (the application's client)";
        }

        @Override
        public String toString() {
            return address();
        }
    }

    /** What to do where the table is missing. */
    public enum Preparation {
        /** Make it, with on-demand capacity, protected from deletion. */
        CREATE,
        /** Fail: somebody else makes tables. */
        REQUIRE
    }

    /** Rejects what is out of range, all at once. */
    public DynamoConfig {
        List<String> problems = new ArrayList<>();
        if (!TABLE.matcher(table).matches()) {
            problems.add("the table's name is not made of 3 to 255 letters, digits, _, - and .");
        }
        if (timeout.compareTo(LEAST_TIMEOUT) < 0 || timeout.compareTo(LONGEST) > 0) {
            problems.add("timeout is " + timeout.toMillis() + " ms; expected 100 ms to 5 minutes");
        }
        if (callTimeout.compareTo(LEAST_CALL) < 0 || callTimeout.compareTo(timeout) > 0) {
            problems.add("callTimeout is " + callTimeout.toMillis() + " ms; expected 50 ms up to the timeout ("
                    + timeout.toMillis() + " ms)");
        }
        if (source instanceof Region region) {
            check(region, problems);
        }
        if (!problems.isEmpty()) {
            throw new InvalidStoreUrl(source.address(), problems);
        }
    }

    private static void check(Region region, List<String> problems) {
        if (!REGION.matcher(region.region()).matches()) {
            problems.add("the region is not one such as eu-central-1");
        }
        URI endpoint = region.endpoint();
        if (endpoint == null) {
            return;
        }
        String scheme = String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(endpoint.getHost()).toLowerCase(Locale.ROOT);
        if (scheme.startsWith("dax") || host.startsWith("dax.") || host.contains(".dax-clusters.")) {
            problems.add("the endpoint is one of DAX, whose cache shows what is not true any more;"
                    + " use DynamoDB's own endpoint");
        } else if (!(scheme.equals("http") || scheme.equals("https")) || endpoint.getHost() == null) {
            problems.add("the endpoint is not of the form http://host:port or https://host");
        } else if (endpoint.getUserInfo() != null) {
            problems.add("the endpoint holds credentials, which do not belong there; use a profile or the environment");
        }
    }

    /**
     * The configuration that a URL asks for: {@code dynamodb://region/table}. Options: {@code endpoint},
     * {@code profile}, {@code create} ({@code true}, {@code false}), {@code timeout}, {@code callTimeout}.
     *
     * @param url the URL
     * @return the configuration
     * @throws InvalidStoreUrl if anything is wrong; lists everything
     */
    public static DynamoConfig parse(BackendUrl url) {
        BackendUrl.Options options = url.options();
        Matcher address = ADDRESS.matcher(url.address());
        if (!address.matches()) {
            options.problem("expected dynamodb://region/table, for example dynamodb://eu-central-1/events");
        }
        URI endpoint = endpoint(options);
        String profile = options.text("profile", "");
        Preparation preparation = options.flag("create", true) ? Preparation.CREATE : Preparation.REQUIRE;
        Duration timeout = options.duration("timeout", USUAL_TIMEOUT);
        Duration callTimeout = options.duration("callTimeout", min(USUAL_CALL, timeout));
        Optional<DynamoConfig> config = Optional.empty();
        if (address.matches()) {
            try {
                config = Optional.of(new DynamoConfig(
                        new Region(address.group(1), endpoint, profile.isEmpty() ? null : profile),
                        address.group(2),
                        preparation,
                        timeout,
                        callTimeout));
            } catch (InvalidStoreUrl e) {
                e.problems().forEach(options::problem);
            }
        }
        options.finish();
        return config.orElseThrow();
    }

    private static @Nullable URI endpoint(BackendUrl.Options options) {
        String text = options.text("endpoint", "");
        if (text.isEmpty()) {
            return null;
        }
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            options.problem("the endpoint is not of the form http://host:port or https://host");
            return null;
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * A configuration to be built by hand, with a client that the backend makes.
     *
     * @param region for example {@code eu-central-1}
     * @param table the table's name
     * @return a new builder with the usual values
     */
    public static Builder builder(String region, String table) {
        return new Builder(new Region(region, null, null), table);
    }

    /**
     * A configuration to be built by hand, over a client of the application's own.
     *
     * @param client a client that does not repeat calls by itself
     * @param table the table's name
     * @return a new builder with the usual values
     */
    public static Builder builder(DynamoDbClient client, String table) {
        return new Builder(new Given(client), table);
    }

    /** Where and which table, as messages show it. */
    String address() {
        return source.address() + ", table " + table;
    }

    /** Builds a {@link DynamoConfig}. Not thread-safe. */
    public static final class Builder {

        private Source source;
        private final String table;
        private Preparation preparation = Preparation.CREATE;
        private Duration timeout = USUAL_TIMEOUT;
        private @Nullable Duration callTimeout;

        private Builder(Source source, String table) {
            this.source = source;
            this.table = table;
        }

        /**
         * Goes to this endpoint instead of the region's own; of no effect with a client of the application's own.
         *
         * @param wanted for example that of DynamoDB Local
         * @return this builder
         */
        public Builder endpoint(URI wanted) {
            if (source instanceof Region region) {
                source = new Region(region.region(), wanted, region.profile());
            }
            return this;
        }

        /**
         * Uses a profile of the shared configuration files; of no effect with a client of the application's own.
         *
         * @param wanted the profile's name
         * @return this builder
         */
        public Builder profile(String wanted) {
            if (source instanceof Region region) {
                source = new Region(region.region(), region.endpoint(), wanted);
            }
            return this;
        }

        /**
         * What to do where the table is missing; {@link Preparation#CREATE} where not given.
         *
         * @param wanted make it, or fail
         * @return this builder
         */
        public Builder preparation(Preparation wanted) {
            this.preparation = wanted;
            return this;
        }

        /**
         * How long an operation may take with all its repetitions; 10 seconds where not given.
         *
         * @param wanted from 100 ms to 5 minutes
         * @return this builder
         */
        public Builder timeout(Duration wanted) {
            this.timeout = wanted;
            return this;
        }

        /**
         * How long one call of DynamoDB may take; 3 seconds where not given, or the timeout where that is shorter.
         *
         * @param wanted from 50 ms up to the timeout
         * @return this builder
         */
        public Builder callTimeout(Duration wanted) {
            this.callTimeout = wanted;
            return this;
        }

        /**
         * Checks everything and builds.
         *
         * @return the configuration
         * @throws InvalidStoreUrl if anything is wrong; lists everything
         */
        public DynamoConfig build() {
            Duration call = callTimeout;
            return new DynamoConfig(
                    source, table, preparation, timeout, call == null ? min(USUAL_CALL, timeout) : call);
        }
    }
}
