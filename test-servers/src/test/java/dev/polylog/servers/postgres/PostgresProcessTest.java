package dev.polylog.servers.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.servers.ProcessServer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgresProcessTest {

    @Test
    void it_is_a_direct_child_that_only_this_machine_reaches_and_that_leaves_nothing() throws Exception {
        PostgresProcess server = PostgresProcess.start(PostgresSettings.standard());
        Path folder = server.data().getParent();
        List<Long> ids = server.ids();
        try (server) {
            assertThat(ids).hasSizeGreaterThan(4);
            assertThat(ProcessServer.gone(ids.get(0))).isFalse();
            ProcessHandle root = ProcessHandle.of(ids.get(0)).orElseThrow();
            assertThat(root.parent()).contains(ProcessHandle.current());
            assertThat(root.info().user()).isNotEmpty().isNotEqualTo(Optional.of("root"));
            assertThat(Files.getPosixFilePermissions(server.data(), LinkOption.NOFOLLOW_LINKS))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat("postgres:" + PostgresQueries.ask(server.access(), "SHOW server_version"))
                    .isEqualTo(PostgresVersion.image());
            assertThat(PostgresQueries.ask(server.access(), "SHOW listen_addresses"))
                    .isEqualTo("127.0.0.1");
            assertThat(PostgresQueries.ask(server.access(), "SHOW unix_socket_directories"))
                    .isEmpty();
        }
        assertThat(folder).doesNotExist();
        assertThat(ids).allMatch(ProcessServer::gone);
    }

    @Test
    void an_orderly_stop_needs_no_recovery_and_a_kill_does() throws Exception {
        try (PostgresProcess server = PostgresProcess.start(PostgresSettings.standard())) {
            Path log = server.data().resolveSibling("server.log");
            server.stop();
            server.restart();
            assertThat(Files.readString(log)).doesNotContain("not properly shut down");
            server.kill();
            server.restart();
            assertThat(Files.readString(log)).contains("not properly shut down");
        }
    }
}
