package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Connections that wait for notifications. */
class PostgresListeningTest {

    private static final int NOTIFICATIONS = 300;
    private static final int LONGEST = 7_900;

    @RegisterExtension
    final TestLog log = new TestLog();

    @Test
    void notifications_come_whole_and_in_order() throws Exception {
        try (PostgresConnections connections =
                PostgresConnections.of(TestLog.config(log.access()).build())) {
            hearsEverythingInOrder(connections);
        }
    }

    static void hearsEverythingInOrder(PostgresConnections connections) throws SQLException {
        List<String> sent = IntStream.range(0, NOTIFICATIONS)
                .mapToObj(i -> i + "." + "x".repeat(i * 131 % LONGEST))
                .toList();
        List<String> heard = new ArrayList<>();
        try (Connection listener = connections.listening();
                Connection teller = connections.dedicated();
                PreparedStatement tell = teller.prepareStatement("select pg_notify('polylog_test', ?)")) {
            try (Statement listen = listener.createStatement()) {
                listen.execute("listen polylog_test");
            }
            for (String text : sent) {
                tell.setString(1, text);
                tell.execute();
                if (heard.size() % 3 == 0) {
                    hear(listener, heard, 1_000);
                }
            }
            while (heard.size() < sent.size() && hear(listener, heard, 10_000)) {
                assertThat(heard).isEqualTo(sent.subList(0, heard.size()));
            }
        }
        assertThat(heard).isEqualTo(sent);
    }

    private static boolean hear(Connection listener, List<String> heard, int millis) throws SQLException {
        PGNotification[] some = listener.unwrap(PGConnection.class).getNotifications(millis);
        for (PGNotification one : some) {
            heard.add(one.getParameter());
        }
        return some.length > 0;
    }

    @Test
    void the_driver_finds_its_sockets() {
        assertThat(PromptSocketFactory.isKnownToDriver()).isTrue();
    }

    @Test
    void the_shortest_wait_is_none_and_all_others_are_as_long_as_they_say() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new PromptSocketFactory().createSocket()) {
            socket.connect(server.getLocalSocketAddress());
            try (Socket other = server.accept()) {
                socket.setSoTimeout(1);
                assertThatThrownBy(() -> socket.getInputStream().read())
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessage("nothing has come");
                socket.setSoTimeout(2);
                assertThatThrownBy(() -> socket.getInputStream().read(new byte[4]))
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessageContaining("timed out");
                other.getOutputStream().write(new byte[] {7, 8});
                socket.setSoTimeout(0);
                assertThat(socket.getInputStream().read()).isEqualTo(7);
                socket.setSoTimeout(1);
                assertThat(socket.getInputStream().read(new byte[4])).isEqualTo(1);
            }
        }
    }
}
