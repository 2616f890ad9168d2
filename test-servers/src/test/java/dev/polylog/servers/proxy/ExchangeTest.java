package dev.polylog.servers.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExchangeTest extends ProxiedTest {

    private static void exchange(Wire wire, int up, int down) {
        try {
            wire.send(Wire.data(up, 1));
            wire.receive(up);
            wire.turned().send(Wire.data(down, 2));
            wire.turned().receive(down);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_bytes_of_one_exchange_are_measured_without_those_before_it() throws Exception {
        try (Wire wire = Wire.through(proxy, listener)) {
            exchange(wire, 1_000, 300);
            assertThat(Exchange.measure(proxy, () -> exchange(wire, 7, 5))).isEqualTo(new Exchange(7, 5));
        }
    }

    @Test
    void an_exchange_that_takes_another_connection_each_time_cannot_be_measured() throws Exception {
        List<Wire> wires = new ArrayList<>();
        Runnable once = () -> {
            try {
                wires.add(Wire.through(proxy, listener));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            exchange(wires.get(wires.size() - 1), 1, 1);
        };
        assertThatThrownBy(() -> Exchange.measure(proxy, once))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0 and 1");
        for (Wire wire : wires) {
            wire.close();
        }
    }

    @Test
    void every_byte_of_both_ways_is_cut_by_turns_in_both_manners() {
        assertThat(new Exchange(3, 2).everyCut())
                .containsExactly(
                        FaultPlan.toServer(Faults.none().cut(0, Ending.RESET)),
                        FaultPlan.toServer(Faults.none().cut(1, Ending.CLOSE)),
                        FaultPlan.toServer(Faults.none().cut(2, Ending.RESET)),
                        FaultPlan.toClient(Faults.none().cut(0, Ending.RESET)),
                        FaultPlan.toClient(Faults.none().cut(1, Ending.CLOSE)));
    }

    @Test
    void some_cuts_are_spread_over_both_ways() {
        assertThat(new Exchange(100, 10).cuts(2))
                .containsExactly(
                        FaultPlan.toServer(Faults.none().cut(0, Ending.RESET)),
                        FaultPlan.toServer(Faults.none().cut(50, Ending.CLOSE)),
                        FaultPlan.toClient(Faults.none().cut(0, Ending.RESET)),
                        FaultPlan.toClient(Faults.none().cut(5, Ending.CLOSE)));
    }
}
