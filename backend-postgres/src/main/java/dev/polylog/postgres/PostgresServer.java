package dev.polylog.postgres;

import dev.polylog.spi.BackendUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL server is, and how to log in.
 *
 * <p>Applications make it by {@link #of}, URLs by {@link PostgresConfig#parse(BackendUrl)}. Shows no password. Immutable
 * and thread-safe if the password's supplier is.
 *
 * @param hosts the hosts to try in this order until one is a primary; at least one
 * @param database the database's name
 * @param user the role to log in as
 * @param password asked for each new connection; null for the driver's own ways: {@code .pgpass}, certificates, trust
 * @param tls how the connection is protected: {@code disable}, {@code allow}, {@code prefer}, {@code require},
 *     {@code verify-ca} or {@code verify-full}
 * @param options the driver's options {@code sslrootcert}, {@code sslcert}, {@code sslkey} and {@code ApplicationName},
 *     no others
 */
public record PostgresServer(
        List<Host> hosts,
        String database,
        String user,
        @Nullable Supplier<String> password,
        String tls,
        Map<String, String> options)
        implements PostgresConfig.Source {

    /** The port where none is given. */
    public static final int PORT = 5432;

    private static final Set<String> TLS = Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final Set<String> OPTIONS = Set.of("sslrootcert", "sslcert", "sslkey", "ApplicationName");
    private static final Pattern ADDRESS = Pattern.compile("//(?:([^@/]*)@)?([^/]*)(?:/(.*))?", Pattern.DOTALL);
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]\\s]*)(?::(\\d{1,5}))?");
    private static final Pattern LOCAL = Pattern.compile("localhost|127(?:\\.\\d{1,3}){3}|\\[?::1]?");

    /**
     * A host and its port.
     *
     * @param name the host's name or address, IPv6 in brackets
     * @param port from 1 to 65535
     */
    public record Host(String name, int port) {

        /** Whether connections to it never leave the machine. */
        boolean isLocal() {
            return LOCAL.matcher(name).matches();
        }

        @Override
        public String toString() {
            return name + ":" + port;
        }
    }

    /** Copies, and rejects options that nobody may set. */
    public PostgresServer {
        hosts = List.copyOf(hosts);
        options = Map.copyOf(options);
        Objects.requireNonNull(database, "database");
        Objects.requireNonNull(user, "user");
        if (hosts.isEmpty() || !TLS.contains(tls) || !OPTIONS.containsAll(options.keySet())) {
            throw new IllegalArgumentException("expected a host, tls of " + TLS + " and options of " + OPTIONS
                    + ", got " + hosts + ", " + tls + ", " + options.keySet());
        }
    }

    /**
     * One server with the usual protection: {@code prefer} on this machine, {@code verify-full} elsewhere.
     *
     * @param host the host's name or address
     * @param port its port
     * @param database the database's name
     * @param user the role to log in as
     * @param password asked for each new connection
     * @return the server
     */
    public static PostgresServer of(String host, int port, String database, String user, Supplier<String> password) {
        List<Host> hosts = List.of(new Host(host, port));
        return new PostgresServer(hosts, database, user, password, usualTls(hosts), Map.of());
    }

    private static String usualTls(List<Host> hosts) {
        return hosts.stream().allMatch(Host::isLocal) ? "prefer" : "verify-full";
    }

    /** Reads the address and the options {@code user}, {@code password}, {@code sslmode} and those of the driver. */
    static PostgresServer parse(BackendUrl url, BackendUrl.Options options) {
        return parse(url, options, System.getenv());
    }

    static PostgresServer parse(BackendUrl url, BackendUrl.Options options, Map<String, String> environment) {
        Matcher address = ADDRESS.matcher(url.address());
        if (!address.matches()) {
            options.problem("expected postgresql://user@host:port/database");
            address = ADDRESS.matcher("//unknown@unknown/unknown");
            address.matches();
        }
        String login = address.group(1) == null ? "" : address.group(1);
        int colon = login.indexOf(':');
        String user = decode(colon < 0 ? login : login.substring(0, colon), "user", options::problem);
        String secret = colon < 0 ? "" : decode(login.substring(colon + 1), "password", options::problem);
        List<Host> hosts = hosts(address.group(2), options::problem);
        String role = user(options.text("user", user), environment, options::problem);
        String database = address.group(3) == null ? "" : decode(address.group(3), "database", options::problem);
        String tls = options.text("sslmode", usualTls(hosts));
        if (!TLS.contains(tls)) {
            options.problem("option sslmode is not disable, allow, prefer, require, verify-ca or verify-full");
            tls = "verify-full";
        }
        Supplier<String> password = password(options.text("password", secret), environment);
        return new PostgresServer(hosts, database.isEmpty() ? role : database, role, password, tls, driver(options));
    }

    private static String user(String given, Map<String, String> environment, Consumer<String> problems) {
        String user = given.isEmpty() ? environment.getOrDefault("PGUSER", "") : given;
        if (user.isEmpty()) {
            problems.accept("no user; expected postgresql://user@host:port/database");
            return "unknown";
        }
        return user;
    }

    private static @Nullable Supplier<String> password(String given, Map<String, String> environment) {
        String password = given.isEmpty() ? environment.getOrDefault("PGPASSWORD", "") : given;
        return password.isEmpty() ? null : () -> password;
    }

    private static Map<String, String> driver(BackendUrl.Options options) {
        Map<String, String> driver = new LinkedHashMap<>();
        driver.put("ApplicationName", options.text("ApplicationName", "polylog"));
        for (String name : List.of("sslrootcert", "sslcert", "sslkey")) {
            String value = options.text(name, "");
            if (!value.isEmpty()) {
                driver.put(name, value);
            }
        }
        return driver;
    }

    private static List<Host> hosts(String text, Consumer<String> problems) {
        List<Host> hosts = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher host = HOST.matcher(part);
            int port = host.matches() && host.group(2) != null ? Integer.parseInt(host.group(2)) : PORT;
            if (!host.matches() || port < 1 || port > 65_535) {
                problems.accept("a host is not of the form name or name:port, with a port from 1 to 65535");
            } else {
                hosts.add(new Host(host.group(1).isEmpty() ? "localhost" : host.group(1), port));
            }
        }
        return hosts.isEmpty() ? List.of(new Host("unknown", PORT)) : hosts;
    }

    private static String decode(String text, String what, Consumer<String> problems) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            problems.accept("the " + what + " has a broken %-escape");
            return "unknown";
        }
    }

    @Override
    public String address() {
        return "postgresql://"
                + String.join(",", hosts.stream().map(Host::toString).toList()) + "/" + database;
    }

    @Override
    public String toString() {
        return "PostgresServer[" + address() + ", user=" + user + ", tls=" + tls + "]";
    }
}
