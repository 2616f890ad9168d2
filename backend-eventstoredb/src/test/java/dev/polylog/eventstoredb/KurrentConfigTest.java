package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendUrl;
import io.kurrent.dbclient.Endpoint;
import io.kurrent.dbclient.KurrentDBClientSettings;
import io.kurrent.dbclient.NodePreference;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Connection strings as KurrentDB's users know them. */
class KurrentConfigTest {

    private static KurrentConfig parse(String url) {
        return KurrentConfig.parse(BackendUrl.parse(url));
    }

    private static InvalidStoreUrl refused(String url) {
        return catchThrowableOfType(InvalidStoreUrl.class, () -> parse(url));
    }

    @Test
    void the_usual_forms_are_understood() {
        KurrentDBClientSettings plain = parse("kurrentdb://localhost").settings();
        assertThat(plain.getHosts()[0].getPort()).isEqualTo(2113);
        assertThat(plain.isTls()).isTrue();
        assertThat(plain.isDnsDiscover()).isFalse();
        assertThat(plain.getNodePreference()).isEqualTo(NodePreference.LEADER);
        assertThat(plain.getMaxDiscoverAttempts()).isEqualTo(3);
        for (String scheme : KurrentUrl.SCHEMES) {
            KurrentDBClientSettings settings =
                    parse(scheme + "://user:p%40ss@node:2114?tls=false").settings();
            assertThat(settings.isDnsDiscover()).as(scheme).isEqualTo(scheme.endsWith("+discover"));
            assertThat(settings.getDefaultCredentials()).as(scheme).isNotNull();
            assertThat(settings.isTls()).as(scheme).isFalse();
        }
    }

    @Test
    void several_hosts_may_have_any_ports() {
        KurrentDBClientSettings settings =
                parse("kurrentdb://a:2113,b:65535,[::1]:40000?tls=false").settings();
        assertThat(Arrays.stream(settings.getHosts()).map(Endpoint::getHost)).containsExactly("a", "b", "::1");
        assertThat(Arrays.stream(settings.getHosts()).map(Endpoint::getPort)).containsExactly(2113, 65535, 40000);
    }

    @Test
    void the_client_s_options_arrive() {
        KurrentConfig config = parse("kurrentdb://h?tlsVerifyCert=false&nodePreference=Follower&maxDiscoverAttempts=7"
                + "&discoveryInterval=11&gossipTimeout=12&keepAliveInterval=13000&keepAliveTimeout=14000"
                + "&tlsCaFile=/ca&userCertFile=/cert&userKeyFile=/key&timeout=30s");
        KurrentDBClientSettings settings = config.settings();
        assertThat(settings.isTlsVerifyCert()).isFalse();
        assertThat(settings.getNodePreference()).isEqualTo(NodePreference.FOLLOWER);
        assertThat(settings.getMaxDiscoverAttempts()).isEqualTo(7);
        assertThat(settings.getDiscoveryInterval()).isEqualTo(11);
        assertThat(settings.getGossipTimeout()).isEqualTo(12);
        assertThat(settings.getKeepAliveInterval()).isEqualTo(13_000);
        assertThat(settings.getKeepAliveTimeout()).isEqualTo(14_000);
        assertThat(settings.getTlsCaFile()).isEqualTo("/ca");
        assertThat(settings.getDefaultClientCertificate().getKeyFile()).isEqualTo("/key");
        assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void every_mistake_is_told_at_once_and_no_password() {
        InvalidStoreUrl refused = refused("kurrentdb://app:s3cr3t@h:99999,?tls=maybe&nodePreference=best&typo=1"
                + "&timeout=1ms&userCertFile=/cert&maxDiscoverAttempts=0");
        assertThat(refused.problems()).hasSize(8);
        assertThat(refused)
                .hasMessageContaining("h:99999")
                .hasMessageContaining("tls")
                .hasMessageContaining("nodePreference")
                .hasMessageContaining("typo")
                .hasMessageContaining("timeout")
                .hasMessageContaining("userKeyFile")
                .hasMessageContaining("maxDiscoverAttempts");
        assertThat(refused.getMessage()).doesNotContain("s3cr3t");
    }

    @Test
    void credentials_that_the_client_would_lose_are_refused() {
        assertThat(refused("kurrentdb://app:p%C3%A9@h")).hasMessageContaining("ASCII");
        assertThat(refused("kurrentdb://app:%zz@h")).hasMessageContaining("escape");
        assertThat(refused("kurrentdb:h")).hasMessageContaining("//user:password@host:port");
    }

    @Test
    void nothing_shows_the_password() {
        KurrentConfig config = parse("kurrentdb://app:s3cr3t@h?tls=false");
        assertThat(config.toString()).isEqualTo("kurrentdb://h:2113 timeout=PT10S");
    }

    @Test
    void the_client_s_own_settings_are_taken_as_they_are() {
        KurrentDBClientSettings settings =
                KurrentDBClientSettings.builder().addHost("h", 1).tls(false).buildConnectionSettings();
        KurrentConfig config =
                KurrentConfig.builder(settings).timeout(Duration.ofSeconds(3)).build();
        assertThat(config.settings()).isSameAs(settings);
        assertThat(catchThrowableOfType(
                        InvalidStoreUrl.class,
                        () -> KurrentConfig.builder(settings)
                                .timeout(Duration.ZERO)
                                .build()))
                .hasMessageContaining("100 ms to 10 minutes");
    }
}
