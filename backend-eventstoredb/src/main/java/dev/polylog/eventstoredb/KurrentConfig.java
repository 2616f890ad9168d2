package dev.polylog.eventstoredb;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendUrl;
import io.kurrent.dbclient.Endpoint;
import io.kurrent.dbclient.KurrentDBClientSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Which KurrentDB, and how to treat it.
 *
 * <p>Made by {@link #parse(BackendUrl)} from a connection string as KurrentDB's users know it, or by
 * {@link #builder(KurrentDBClientSettings)} from the client's own settings; both report every mistake at once as
 * {@link InvalidStoreUrl}. Shows no password. Immutable and thread-safe.
 *
 * @param settings how the client connects; its default deadline is not used
 * @param timeout how long any call may take, from 100 ms to 10 minutes; an append that takes longer is in doubt
 */
public record KurrentConfig(KurrentDBClientSettings settings, Duration timeout) {

    static final Duration USUAL_TIMEOUT = Duration.ofSeconds(10);
    static final Duration LEAST_TIMEOUT = Duration.ofMillis(100);
    static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

    /** Rejects what is out of range. */
    public KurrentConfig {
        Objects.requireNonNull(settings, "settings");
        if (timeout.compareTo(LEAST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new InvalidStoreUrl(
                    address(settings),
                    List.of("timeout is " + timeout.toMillis() + " ms; expected 100 ms to 10 minutes"));
        }
    }

    /**
     * The configuration that a URL asks for: {@code kurrentdb://user:password@host:port}, several hosts separated by
     * commas, {@code kurrentdb+discover:} to find the nodes by DNS or gossip, and {@code kdb:} or {@code esdb:} in place
     * of {@code kurrentdb:}. Options of the client: {@code tls}, {@code tlsVerifyCert}, {@code tlsCaFile},
     * {@code userCertFile}, {@code userKeyFile}, {@code nodePreference}, {@code maxDiscoverAttempts},
     * {@code discoveryInterval}, {@code gossipTimeout}, {@code keepAliveInterval}, {@code keepAliveTimeout} (times in
     * milliseconds); our own: {@code timeout}.
     *
     * @param url the URL
     * @return the configuration
     * @throws InvalidStoreUrl if anything is wrong; lists everything
     */
    public static KurrentConfig parse(BackendUrl url) {
        return KurrentUrl.parse(url);
    }

    /**
     * A configuration to be built by hand, over the client's own settings.
     *
     * @param settings how the client connects
     * @return a new builder with the usual values
     */
    public static Builder builder(KurrentDBClientSettings settings) {
        return new Builder(settings);
    }

    /** The nodes as messages show them. */
    String address() {
        return address(settings);
    }

    private static String address(KurrentDBClientSettings settings) {
        return Arrays.stream(settings.getHosts())
                .map(KurrentConfig::show)
                .collect(Collectors.joining(",", "kurrentdb://", ""));
    }

    private static String show(Endpoint host) {
        return (host.getHost().contains(":") ? "[" + host.getHost() + "]" : host.getHost()) + ":" + host.getPort();
    }

    /** Whether there is more than one node, so that what is acknowledged is on most of them. */
    boolean isCluster() {
        return settings.isDnsDiscover() || settings.getHosts().length > 1;
    }

    /** The nodes and the timeout; nothing else of the settings, which hold a password. */
    @Override
    public String toString() {
        return address() + " timeout=" + timeout;
    }

    /** Builds a {@link KurrentConfig}. Not thread-safe. */
    public static final class Builder {

        private final KurrentDBClientSettings settings;
        private Duration timeout = USUAL_TIMEOUT;

        private Builder(KurrentDBClientSettings settings) {
            this.settings = settings;
        }

        /**
         * How long any call may take; 10 seconds where not given.
         *
         * @param wanted from 100 ms to 10 minutes
         * @return this builder
         */
        public Builder timeout(Duration wanted) {
            this.timeout = wanted;
            return this;
        }

        /**
         * Checks everything and builds.
         *
         * @return the configuration
         * @throws InvalidStoreUrl if anything is wrong; lists everything
         */
        public KurrentConfig build() {
            return new KurrentConfig(settings, timeout);
        }
    }
}
