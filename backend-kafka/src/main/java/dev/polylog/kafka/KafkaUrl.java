package dev.polylog.kafka;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendTraits.Limits;
import dev.polylog.spi.BackendUrl;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.types.Password;

/**
 * Reads a configuration from a URL. Only settings of Kafka's clients that are on a list are taken: others load classes or
 * reach for addresses. Stateless and thread-safe.
 */
final class KafkaUrl {

    private static final Pattern FORM = Pattern.compile("//(?:([^/]*)@)?([^/@]*)/([^/@]*)");

    private static final List<String> FOR_ALL = List.of(
            "client.id",
            "client.rack",
            "send.buffer.bytes",
            "receive.buffer.bytes",
            "ssl.truststore.location",
            "ssl.truststore.password",
            "ssl.truststore.type",
            "ssl.keystore.location",
            "ssl.keystore.password",
            "ssl.keystore.type",
            "ssl.key.password");
    private static final List<String> FOR_PRODUCER =
            List.of("compression.type", "linger.ms", "batch.size", "buffer.memory");
    private static final List<String> FOR_CONSUMER = List.of("fetch.max.bytes");
    private static final int MOST_BYTES = 64 << 20;

    private KafkaUrl() {}

    static KafkaConfig parse(BackendUrl url) {
        BackendUrl.Options options = url.options();
        Matcher matcher = FORM.matcher(url.address());
        if (!matcher.matches()) {
            throw new InvalidStoreUrl(url.toString(), List.of("expected kafka://host:9092,host2:9092/topic"));
        }
        KafkaConfig.Builder builder = KafkaConfig.builder(
                        List.of(matcher.group(2).split(",", -1)), matcher.group(3))
                .client(client(matcher.group(1), options))
                .producer(given(FOR_PRODUCER, options))
                .consumer(given(FOR_CONSUMER, options))
                .replicas((int) options.number("replicas", 1, 16, 0))
                .timeout(options.duration("timeout", Duration.ofSeconds(10)))
                .connectTimeout(options.duration("connectTimeout", Duration.ofSeconds(10)))
                .risks(options.flag("acceptUnflushed", false) ? Set.of(KafkaConfig.Risk.UNFLUSHED) : Set.of())
                .limits(limits(options));
        views(options, builder);
        options.finish();
        try {
            return builder.build();
        } catch (InvalidStoreUrl e) {
            throw new InvalidStoreUrl(url.toString(), e.problems());
        }
    }

    private static void views(BackendUrl.Options options, KafkaConfig.Builder builder) {
        String folder = options.text("view", "");
        if (folder.isEmpty()) {
            return;
        }
        try {
            builder.views(Path.of(folder));
        } catch (InvalidPathException e) {
            options.problem("option view is not the path of a folder");
        }
    }

    private static Map<String, Object> given(List<String> names, BackendUrl.Options options) {
        Map<String, Object> settings = new LinkedHashMap<>();
        for (String name : names) {
            String value = options.text(name, "");
            if (!value.isEmpty()) {
                settings.put(name, name.contains("password") ? new Password(value) : value);
            }
        }
        return settings;
    }

    private static Map<String, Object> client(String userInfo, BackendUrl.Options options) {
        Map<String, Object> settings = given(FOR_ALL, options);
        boolean tls = options.flag("tls", false);
        String mechanism = options.text("sasl", "").toUpperCase(Locale.ROOT);
        settings.put("security.protocol", (mechanism.isEmpty() ? "" : "SASL_") + (tls ? "SSL" : "PLAINTEXT"));
        if (mechanism.isEmpty() != (userInfo == null)) {
            options.problem("a log-in needs both user:password@ before the brokers and the option sasl"
                    + " (plain, scram-sha-256 or scram-sha-512)");
        } else if (userInfo != null) {
            logIn(userInfo, mechanism, settings, options);
        }
        return settings;
    }

    private static void logIn(
            String userInfo, String mechanism, Map<String, Object> settings, BackendUrl.Options options) {
        int colon = userInfo.indexOf(':');
        if (colon < 1) {
            options.problem("the log-in is not of the form user:password@");
            return;
        }
        String module = switch (mechanism) {
            case "PLAIN" -> "org.apache.kafka.common.security.plain.PlainLoginModule";
            case "SCRAM-SHA-256", "SCRAM-SHA-512" -> "org.apache.kafka.common.security.scram.ScramLoginModule";
            default -> "";
        };
        if (module.isEmpty()) {
            options.problem("option sasl is not plain, scram-sha-256 or scram-sha-512");
            return;
        }
        settings.put("sasl.mechanism", mechanism);
        settings.put(
                "sasl.jaas.config",
                new Password(module + " required username=" + quoted(userInfo.substring(0, colon)) + " password="
                        + quoted(userInfo.substring(colon + 1)) + ";"));
    }

    private static String quoted(String escaped) {
        String text = URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8);
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static Limits limits(BackendUrl.Options options) {
        Limits usual = KafkaConfig.DEFAULT_LIMITS;
        int events =
                (int) options.number("maxEventsPerAppend", Limits.LEAST_EVENTS, 10_000, usual.maxEventsPerAppend());
        int payload = (int)
                options.number("maxPayloadBytes", Limits.LEAST_PAYLOAD_BYTES, MOST_BYTES, usual.maxPayloadBytes());
        int metadata = (int) options.number("maxMetadataBytes", 1, MOST_BYTES, usual.maxMetadataBytes());
        long append = options.number("maxAppendBytes", payload, MOST_BYTES, Math.max(payload, usual.maxAppendBytes()));
        return new Limits(events, usual.maxStreamsPerAppend(), payload, metadata, append);
    }
}
