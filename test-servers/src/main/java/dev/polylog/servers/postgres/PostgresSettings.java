package dev.polylog.servers.postgres;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Settings of a server, as {@code postgresql.conf} knows them.
 *
 * <p>Immutable and thread-safe.
 *
 * @param values the value of each setting by its name
 */
public record PostgresSettings(Map<String, String> values) {

    /** Copies the values, and rejects a name that is none. */
    public PostgresSettings {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        for (String name : values.keySet()) {
            if (!name.matches("[a-z][a-z0-9_.]*")) {
                throw new IllegalArgumentException(
                        "setting '" + name + "': expected the name of a setting such as max_connections");
            }
        }
    }

    /**
     * A server that keeps what it acknowledges, and is modest: 120 connections, 32 MB of shared buffers.
     *
     * @return the settings that {@link PostgresServers#own()} uses
     */
    public static PostgresSettings standard() {
        return new PostgresSettings(Map.ofEntries(
                Map.entry("fsync", "on"),
                Map.entry("synchronous_commit", "on"),
                Map.entry("full_page_writes", "on"),
                Map.entry("max_connections", "120"),
                Map.entry("shared_buffers", "32MB"),
                Map.entry("max_wal_size", "512MB"),
                Map.entry("timezone", "UTC"),
                Map.entry("log_timezone", "UTC")));
    }

    /**
     * The same with one setting more, or another value of it.
     *
     * @param name the name of the setting
     * @param value its value, as written in {@code postgresql.conf} without quotes
     * @return the changed copy
     */
    public PostgresSettings with(String name, String value) {
        Map<String, String> changed = new TreeMap<>(values);
        changed.put(name, value);
        return new PostgresSettings(changed);
    }

    /** The lines of a configuration file. */
    String lines() {
        return values.entrySet().stream()
                .map(setting -> setting.getKey() + " = '"
                        + setting.getValue().replace("\\", "\\\\").replace("'", "''") + "'\n")
                .collect(Collectors.joining());
    }
}
