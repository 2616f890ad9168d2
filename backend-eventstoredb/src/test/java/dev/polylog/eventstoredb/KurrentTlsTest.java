package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.servers.OwnCertificate;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import java.nio.file.Path;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server is talked to where its certificate is trusted and for the host that was named, and else refused. */
@Timeout(120)
class KurrentTlsTest {

    private static final StreamId STREAM = StreamId.of("guarded");
    private static final String PASSWORD = "s3cr3t-word";

    @TempDir
    private static Path folder;

    private static OwnCertificate certificate;
    private static KurrentServer server;

    @BeforeAll
    static void start() {
        certificate = OwnCertificate.make(folder);
        server = KurrentServers.guarded(KurrentVersion.V25_1, certificate);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String url(ServerAddress address, String options) {
        return "kurrentdb://app:" + PASSWORD + "@" + address + "?" + options
                + "&maxDiscoverAttempts=2&discoveryInterval=50&timeout=5s";
    }

    private static String trusted() {
        return "tlsCaFile=" + certificate.certificate();
    }

    private static void requireRefused(String url, String reason) {
        assertThatThrownBy(() -> EventStore.open(url))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining(reason)
                .satisfies(
                        failure -> assertThat(Throwables.getStackTrace(failure)).doesNotContain(PASSWORD));
    }

    private static void appendAndRead(String url, StreamId stream) {
        EventData event = KurrentLog.event();
        try (EventStore store = EventStore.open(url)) {
            store.append(stream, ExpectedVersion.noStream(), event);
            assertThat(store.readStream(stream)).extracting(RecordedEvent::id).containsExactly(event.id());
        }
    }

    @Test
    void a_server_that_is_trusted_is_talked_to() {
        appendAndRead(url(server.address(), trusted()), STREAM);
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_refused_unless_the_url_says_that_it_need_not_be() {
        requireRefused(url(server.address(), "tls=true"), "tlsCaFile");
        appendAndRead(url(server.address(), "tlsVerifyCert=false"), StreamId.of("not-verified"));
    }

    @Test
    void a_certificate_of_another_host_is_refused() {
        requireRefused(
                url(new ServerAddress("localhost", server.address().port()), trusted()),
                "certificate is for that host");
    }

    @Test
    void who_comes_without_tls_to_where_it_is_asked_for_is_refused_in_time() {
        requireRefused(url(server.address(), "tls=false"), "whether it speaks TLS");
    }
}
