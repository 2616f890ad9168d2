package dev.polylog.eventstoredb;

import dev.polylog.spi.BackendUrl;
import io.kurrent.dbclient.ConnectionSettingsBuilder;
import io.kurrent.dbclient.KurrentDBClientSettings;
import io.kurrent.dbclient.NodePreference;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a connection string. The client's own reader ignores what it does not know, and refuses ports above 32767 behind
 * the first host; this one tells of every mistake and takes all ports. Stateless and thread-safe.
 */
final class KurrentUrl {

    static final Set<String> SCHEMES = Set.of(
            "kurrentdb", "kurrentdb+discover", "kurrent+discover", "kdb", "kdb+discover", "esdb", "esdb+discover");

    private static final int USUAL_PORT = 2113;
    private static final Pattern ADDRESS = Pattern.compile("//(?:([^@/]*)@)?([^@/]+)/?");
    private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
    private static final Map<String, NodePreference> PREFERENCES = Map.of(
            "leader", NodePreference.LEADER,
            "follower", NodePreference.FOLLOWER,
            "readonlyreplica", NodePreference.READ_ONLY_REPLICA,
            "random", NodePreference.RANDOM);

    private KurrentUrl() {}

    static KurrentConfig parse(BackendUrl url) {
        BackendUrl.Options options = url.options();
        ConnectionSettingsBuilder builder =
                KurrentDBClientSettings.builder().dnsDiscover(url.scheme().endsWith("+discover"));
        address(url.address(), builder, options);
        connection(builder, options);
        tls(builder, options);
        Duration timeout = options.duration("timeout", KurrentConfig.USUAL_TIMEOUT);
        if (timeout.compareTo(KurrentConfig.LEAST_TIMEOUT) < 0
                || timeout.compareTo(KurrentConfig.LONGEST_TIMEOUT) > 0) {
            options.problem("timeout is " + timeout.toMillis() + " ms; expected 100 ms to 10 minutes");
        }
        options.finish();
        return new KurrentConfig(builder.buildConnectionSettings(), timeout);
    }

    private static void address(String address, ConnectionSettingsBuilder builder, BackendUrl.Options options) {
        Matcher matcher = ADDRESS.matcher(address);
        if (!matcher.matches()) {
            options.problem("the address is not of the form //user:password@host:port");
            return;
        }
        if (matcher.group(1) != null) {
            credentials(matcher.group(1), builder, options);
        }
        for (String host : List.of(matcher.group(2).split(",", -1))) {
            host(host, builder, options);
        }
    }

    private static void credentials(String user, ConnectionSettingsBuilder builder, BackendUrl.Options options) {
        String[] parts = user.split(":", 2);
        try {
            String name = URLDecoder.decode(parts[0], StandardCharsets.UTF_8);
            String password = parts.length > 1 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "";
            if (!StandardCharsets.US_ASCII.newEncoder().canEncode(name + password)) {
                options.problem("user or password has characters other than ASCII, which the client would lose");
                return;
            }
            builder.defaultCredentials(name, password);
        } catch (IllegalArgumentException e) {
            options.problem("user or password has a broken %-escape");
        }
    }

    private static void host(String text, ConnectionSettingsBuilder builder, BackendUrl.Options options) {
        Matcher matcher = HOST.matcher(text);
        int port = matcher.matches() && matcher.group(2) != null ? Integer.parseInt(matcher.group(2)) : USUAL_PORT;
        if (!matcher.matches() || port < 1 || port > 65_535) {
            options.problem("\"" + text + "\" is not a host with a port from 1 to 65535");
            return;
        }
        builder.addHost(matcher.group(1).replaceAll("[\\[\\]]", ""), port);
    }

    private static void connection(ConnectionSettingsBuilder builder, BackendUrl.Options options) {
        builder.maxDiscoverAttempts((int) options.number("maxDiscoverAttempts", 1, 1_000_000, 3))
                .discoveryInterval((int) options.number("discoveryInterval", 1, 600_000, 500))
                .gossipTimeout((int) options.number("gossipTimeout", 1, 600_000, 3_000))
                .keepAliveInterval(options.number("keepAliveInterval", 1, Integer.MAX_VALUE, 10_000))
                .keepAliveTimeout(options.number("keepAliveTimeout", 1, Integer.MAX_VALUE, 10_000));
        String wanted = options.text("nodePreference", "leader");
        NodePreference preference = PREFERENCES.get(wanted.toLowerCase(Locale.ROOT));
        if (preference == null) {
            options.problem("option nodePreference is not leader, follower, readonlyreplica or random");
        } else {
            builder.nodePreference(preference);
        }
    }

    private static void tls(ConnectionSettingsBuilder builder, BackendUrl.Options options) {
        builder.tls(options.flag("tls", true)).tlsVerifyCert(options.flag("tlsVerifyCert", true));
        String ca = options.text("tlsCaFile", "");
        if (!ca.isEmpty()) {
            builder.tlsCaFile(ca);
        }
        String certificate = options.text("userCertFile", "");
        String key = options.text("userKeyFile", "");
        if (certificate.isEmpty() != key.isEmpty()) {
            options.problem("userCertFile and userKeyFile belong together");
        } else if (!certificate.isEmpty()) {
            builder.defaultClientCertificate(certificate, key);
        }
    }
}
