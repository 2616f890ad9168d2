package dev.polylog.servers.kafka;

import dev.polylog.servers.OwnCertificate;
import dev.polylog.servers.ServerAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Two guarded ways to a broker: by TLS, and by TLS with a log-in. Both show a certificate that only who was given it trusts.
 *
 * <p>Immutable and thread-safe.
 *
 * @param tls where the broker listens for who comes by TLS
 * @param logIn where it listens for who comes by TLS and logs in, by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512
 * @param user who may log in
 * @param password that user's password
 * @param certificate what the broker shows
 */
public record KafkaGate(
        ServerAddress tls, ServerAddress logIn, String user, String password, OwnCertificate certificate) {

    private static final List<String> SCRAM = List.of("SCRAM-SHA-256", "SCRAM-SHA-512");

    static KafkaGate with(OwnCertificate certificate) {
        return new KafkaGate(
                KafkaDetour.freeAddress(),
                KafkaDetour.freeAddress(),
                "app",
                UUID.randomUUID().toString(),
                certificate);
    }

    /** The user and the hashes of the password, as the storage of a broker is formatted with them. */
    List<String> scram() {
        return SCRAM.stream()
                .map(mechanism -> mechanism + "=[name=" + user + ",password=" + password + "]")
                .toList();
    }

    /** Adds the listeners to a broker's settings. */
    void addTo(Map<String, String> settings) {
        String listeners = ",TLS://" + tls + ",LOGIN://" + logIn;
        settings.merge("listeners", listeners, String::concat);
        settings.merge("advertised.listeners", listeners, String::concat);
        settings.merge("listener.security.protocol.map", ",TLS:SSL,LOGIN:SASL_SSL", String::concat);
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", certificate.keyStore().toString());
        settings.put("ssl.keystore.password", certificate.password());
        settings.put(
                "sasl.enabled.mechanisms",
                String.join(
                        ",", Stream.concat(Stream.of("PLAIN"), SCRAM.stream()).toList()));
        settings.put(
                "listener.name.login.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + user + "=\"" + password
                        + "\";");
        for (String mechanism : SCRAM) {
            settings.put(
                    "listener.name.login." + mechanism.toLowerCase(Locale.ROOT) + ".sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        }
    }

    /** The addresses and the user; not the password. */
    @Override
    public String toString() {
        return "KafkaGate[tls=" + tls + ", logIn=" + logIn + ", user=" + user + "]";
    }
}
