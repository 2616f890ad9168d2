package dev.polylog.servers.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.polylog.servers.FreePorts;
import dev.polylog.servers.ServerAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultProxyTest extends ProxiedTest {

    private static final int SILENCE_MILLIS = 100;

    @Test
    void without_a_plan_all_bytes_pass_both_ways_at_once_and_are_counted() throws Exception {
        byte[] up = Wire.data(3_000_000, 1);
        byte[] down = Wire.data(2_000_000, 2);
        try (Wire wire = Wire.through(proxy, listener)) {
            CompletableFuture<String> sendUp = sending(wire, up);
            CompletableFuture<String> sendDown = sending(wire.turned(), down);
            CompletableFuture<byte[]> gotDown =
                    CompletableFuture.supplyAsync(() -> received(wire.turned(), down.length));
            assertThat(wire.receive(up.length)).isEqualTo(up);
            assertThat(gotDown.get(30, TimeUnit.SECONDS)).isEqualTo(down);
            CompletableFuture.allOf(sendUp, sendDown).get(30, TimeUnit.SECONDS);
            await().until(() -> proxy.traffic().get(0).equals(new Traffic(0, up.length, down.length, true)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,up", "1,up", "7,up", "4096,up", "70000,up", "99999,up", "100000,up",
        "0,down", "1,down", "7,down", "4096,down", "70000,down", "99999,down", "100000,down"
    })
    void a_reset_comes_after_exactly_the_bytes_of_the_plan_and_to_both_sides(int bytes, String way) throws Exception {
        byte[] data = Wire.data(100_000, bytes);
        cut(bytes, way, Ending.RESET);
        try (Wire wire = wire(way)) {
            CompletableFuture<String> sent = sending(wire, data);
            assertThat(receivedUntilEnd(wire.server())).isEqualTo(Arrays.copyOf(data, bytes));
            // The system tells the sender of a reset once: while it sends, or else when it reads.
            String told = sent.get(30, TimeUnit.SECONDS);
            assertThat(told.equals("reset") ? told : Wire.next(wire.client())).isEqualTo("reset");
            await().until(() -> !proxy.traffic().get(0).open());
            assertThat(passed(way)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,up", "1,up", "70000,up", "100000,up", "0,down", "1,down", "70000,down", "100000,down"})
    void a_close_comes_after_exactly_the_bytes_of_the_plan_and_to_both_sides(int bytes, String way) throws Exception {
        byte[] data = Wire.data(100_000, bytes);
        cut(bytes, way, Ending.CLOSE);
        try (Wire wire = wire(way)) {
            wire.send(data);
            assertThat(wire.receive(data.length)).isEqualTo(Arrays.copyOf(data, bytes));
            assertThat(Wire.next(wire.server())).isEqualTo("end");
            assertThat(Wire.next(wire.client())).isEqualTo("end");
        }
        await().until(() -> !proxy.traffic().get(0).open());
        assertThat(passed(way)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0,up", "1,up", "70000,up", "0,down", "1,down", "70000,down"})
    void a_half_close_ends_one_direction_and_leaves_the_other(int bytes, String way) throws Exception {
        byte[] data = Wire.data(100_000, bytes);
        byte[] back = Wire.data(50_000, 3);
        cut(bytes, way, Ending.HALF_CLOSE);
        try (Wire wire = wire(way)) {
            wire.send(data);
            assertThat(wire.receive(data.length)).isEqualTo(Arrays.copyOf(data, bytes));
            assertThat(Wire.next(wire.server())).isEqualTo("end");
            wire.turned().send(back);
            assertThat(wire.turned().receive(back.length)).isEqualTo(back);
            assertThat(passed(way)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,up", "1,up", "70000,up", "0,down", "1,down", "70000,down"})
    void a_black_hole_holds_the_bytes_and_lets_them_go_with_another_plan(int bytes, String way) throws Exception {
        byte[] data = Wire.data(100_000, bytes);
        cut(bytes, way, Ending.BLACK_HOLE);
        try (Wire wire = wire(way)) {
            CompletableFuture<String> sent = sending(wire, data);
            assertThat(wire.receive(bytes)).isEqualTo(Arrays.copyOf(data, bytes));
            assertSilence(wire);
            assertThat(passed(way)).isEqualTo(bytes);
            proxy.plan(FaultPlan.none());
            assertThat(wire.receive(data.length - bytes)).isEqualTo(Arrays.copyOfRange(data, bytes, data.length));
            assertThat(sent.get(30, TimeUnit.SECONDS)).isEqualTo("sent");
        }
    }

    @Test
    void a_black_hole_holds_the_end_of_the_stream_too() throws Exception {
        proxy.plan(FaultPlan.now(Ending.BLACK_HOLE));
        try (Wire wire = Wire.through(proxy, listener)) {
            wire.client().close();
            assertSilence(wire);
            proxy.plan(FaultPlan.none());
            assertThat(Wire.next(wire.server())).isEqualTo("end");
        }
    }

    @Test
    void a_plan_counts_from_the_moment_that_it_is_there() throws Exception {
        try (Wire wire = Wire.through(proxy, listener)) {
            wire.send(new byte[10]);
            assertThat(wire.receive(10)).hasSize(10);
            await().until(() -> proxy.traffic().get(0).toServer() == 10);
            cut(5, "up", Ending.CLOSE);
            wire.send(new byte[10]);
            assertThat(wire.receive(10)).hasSize(5);
            await().until(() -> proxy.traffic().get(0).toServer() == 15);
        }
    }

    @Test
    void a_cut_after_no_bytes_needs_no_bytes() throws Exception {
        try (Wire wire = Wire.through(proxy, listener)) {
            await().until(() -> proxy.traffic().size() == 1);
            proxy.plan(FaultPlan.now(Ending.RESET));
            assertThat(Wire.next(wire.client())).isEqualTo("reset");
            assertThat(Wire.next(wire.server())).isEqualTo("reset");
        }
    }

    @Test
    void a_plan_for_one_cut_spares_all_connections_but_the_first_that_reaches_it() throws Exception {
        try (Wire one = Wire.through(proxy, listener);
                Wire two = Wire.through(proxy, listener)) {
            await().until(() -> proxy.traffic().size() == 2);
            proxy.planOnce(FaultPlan.toServer(Faults.none().cut(3, Ending.RESET)));
            one.send(new byte[2]);
            assertThat(one.receive(2)).hasSize(2);
            two.send(new byte[4]);
            assertThat(receivedUntilEnd(two.server())).hasSize(3);
            one.send(new byte[1_000]);
            assertThat(one.receive(1_000)).hasSize(1_000);
            try (Wire three = Wire.through(proxy, listener)) {
                three.send(new byte[1_000]);
                assertThat(three.receive(1_000)).hasSize(1_000);
            }
        }
    }

    @Test
    void a_plan_for_one_cut_is_not_spent_on_a_connection_that_is_over() throws Exception {
        try (Wire gone = Wire.through(proxy, listener)) {
            gone.send(new byte[1]);
        }
        await().until(() -> !proxy.traffic().get(0).open());
        try (Wire wire = Wire.through(proxy, listener)) {
            wire.send(new byte[1]);
            assertThat(wire.receive(1)).hasSize(1);
            proxy.planOnce(FaultPlan.now(Ending.RESET));
            assertThat(Wire.next(wire.client())).isEqualTo("reset");
        }
    }

    @Test
    void each_connection_may_have_its_own_plan() throws Exception {
        proxy.planEach(connection -> FaultPlan.toClient(Faults.none().cut(connection, Ending.CLOSE)));
        for (int connection = 0; connection < 4; connection++) {
            try (Wire wire = Wire.through(proxy, listener)) {
                wire.turned().send(new byte[10]);
                assertThat(wire.client().getInputStream().readAllBytes()).hasSize(connection);
            }
        }
        assertThat(proxy.traffic().stream().map(Traffic::connection)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void a_delay_is_at_least_what_the_plan_says() throws Exception {
        proxy.plan(FaultPlan.toServer(Faults.none().delayed(Duration.ofMillis(150), Duration.ofMillis(200))));
        try (Wire wire = Wire.through(proxy, listener)) {
            long start = System.nanoTime();
            wire.send(new byte[] {42});
            assertThat(Wire.next(wire.server())).isEqualTo("byte 42");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        }
    }

    @Test
    void a_delayed_piece_passes_as_soon_as_the_plan_changes() throws Exception {
        proxy.plan(FaultPlan.toServer(Faults.none().delayed(Duration.ofHours(1), Duration.ofHours(1))));
        try (Wire wire = Wire.through(proxy, listener)) {
            wire.send(new byte[] {42});
            assertSilence(wire);
            proxy.plan(FaultPlan.none());
            assertThat(Wire.next(wire.server())).isEqualTo("byte 42");
        }
    }

    @Test
    void an_end_of_one_direction_by_a_side_itself_reaches_the_other_side_as_such() throws Exception {
        try (Wire wire = Wire.through(proxy, listener)) {
            wire.send(new byte[] {1});
            wire.client().shutdownOutput();
            assertThat(wire.receive(10)).containsExactly(1);
            wire.turned().send(new byte[] {2});
            assertThat(wire.turned().receive(1)).containsExactly(2);
        }
    }

    @Test
    void a_reset_by_the_server_reaches_the_client_as_a_reset() throws Exception {
        try (Wire wire = Wire.through(proxy, listener)) {
            wire.server().setSoLinger(true, 0);
            wire.server().close();
            assertThat(Wire.next(wire.client())).isEqualTo("reset");
        }
    }

    @Test
    void a_server_that_is_not_there_is_a_reset_to_the_client() throws Exception {
        try (FaultProxy nowhere = FaultProxy.to(new ServerAddress("127.0.0.1", FreePorts.next()));
                Socket client = new Socket("127.0.0.1", nowhere.address().port())) {
            client.setSoTimeout(30_000);
            assertThat(Wire.next(client)).isEqualTo("reset");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 20_261_120})
    void a_random_plan_follows_from_its_seed_alone_and_draws_every_ending(long seed) {
        Set<FaultPlan> plans = IntStream.range(0, 200)
                .mapToObj(connection -> FaultPlan.random(seed, connection, 500))
                .collect(Collectors.toSet());
        assertThat(plans).hasSizeGreaterThan(150);
        assertThat(FaultPlan.random(seed, 77, 500)).isEqualTo(FaultPlan.random(seed, 77, 500));
        assertThat(plans.stream().map(FaultProxyTest::cutOf).map(Cut::ending).collect(Collectors.toSet()))
                .isEqualTo(EnumSet.allOf(Ending.class));
        assertThat(plans.stream().map(FaultProxyTest::cutOf).mapToLong(Cut::afterBytes))
                .allMatch(bytes -> bytes >= 0 && bytes < 500);
    }

    @Test
    void closing_ends_all_connections_and_leaves_no_thread() throws Exception {
        Wire idle = Wire.through(proxy, listener);
        Wire held = Wire.through(proxy, listener);
        proxy.plan(FaultPlan.now(Ending.BLACK_HOLE));
        held.send(new byte[10]);
        try (idle;
                held) {
            proxy.close();
            assertThat(Wire.next(idle.client())).isNotEqualTo("silence");
            assertThat(Wire.next(held.server())).isNotEqualTo("silence");
            assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                    .noneMatch(name ->
                            name.startsWith("fault-proxy-" + proxy.address().port()));
            assertThatThrownBy(() -> new Socket("127.0.0.1", proxy.address().port()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void impossible_faults_are_refused() {
        assertThatThrownBy(() -> Faults.none().cut(-1, Ending.RESET)).hasMessageContaining("expected 0 or more");
        assertThatThrownBy(() -> Faults.none().delayed(Duration.ofMillis(2), Duration.ofMillis(1)))
                .hasMessageContaining("expected 0 <= least <= most");
    }

    private void cut(int bytes, String way, Ending ending) {
        Faults faults = Faults.none().cut(bytes, ending);
        proxy.plan(way.equals("up") ? FaultPlan.toServer(faults) : FaultPlan.toClient(faults));
    }

    /** Its "client" is the end that sends. */
    private Wire wire(String way) throws IOException {
        Wire wire = Wire.through(proxy, listener);
        return way.equals("up") ? wire : wire.turned();
    }

    private long passed(String way) {
        Traffic traffic = proxy.traffic().get(0);
        return way.equals("up") ? traffic.toServer() : traffic.toClient();
    }

    private static Cut cutOf(FaultPlan plan) {
        return plan.toServer().cut().or(() -> plan.toClient().cut()).orElseThrow();
    }

    private static void assertSilence(Wire wire) throws IOException {
        int before = wire.server().getSoTimeout();
        wire.server().setSoTimeout(SILENCE_MILLIS);
        assertThat(Wire.next(wire.server())).isEqualTo("silence");
        wire.server().setSoTimeout(before);
    }

    private static CompletableFuture<String> sending(Wire wire, byte[] data) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                wire.send(data);
                return "sent";
            } catch (IOException e) {
                return "reset";
            }
        });
    }

    private static byte[] received(Wire wire, int length) {
        try {
            return wire.receive(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All bytes up to a reset. */
    private static byte[] receivedUntilEnd(Socket end) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int length = end.getInputStream().read(buffer); length >= 0; ) {
                bytes.write(buffer, 0, length);
                length = end.getInputStream().read(buffer);
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException reset) {
            return bytes.toByteArray();
        }
        throw new IOException("an orderly end after " + bytes.size() + " bytes");
    }
}
