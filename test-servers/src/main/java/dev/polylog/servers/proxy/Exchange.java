package dev.polylog.servers.proxy;

import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * How many bytes a client and a server exchange for one thing that the client does, on a connection that is open.
 *
 * <p>For tests that cut such exchanges. Immutable and thread-safe.
 *
 * @param toServer how many bytes the client sends
 * @param toClient how many bytes the server answers
 */
public record Exchange(long toServer, long toClient) {

    /**
     * Measures it: does it once, so that everything is open, and counts when it is done again.
     *
     * @param proxy the proxy, without faults, between the client and the server
     * @param once what the client does, the same size at every call
     * @return the bytes of the second time
     * @throws IllegalStateException if the second time took another connection than the first
     */
    public static Exchange measure(FaultProxy proxy, Runnable once) {
        once.run();
        Traffic before = latest(proxy);
        once.run();
        Traffic after = latest(proxy);
        if (after.connection() != before.connection()) {
            throw new IllegalStateException("expected one connection for both times, but there were "
                    + before.connection() + " and " + after.connection());
        }
        return new Exchange(after.toServer() - before.toServer(), after.toClient() - before.toClient());
    }

    private static Traffic latest(FaultProxy proxy) {
        List<Traffic> all = proxy.traffic();
        return all.get(all.size() - 1);
    }

    /**
     * Cuts at every byte: of what the client sends, then of what the server answers.
     *
     * @return a plan for each byte, by turns a reset and an ordinary end
     */
    public List<FaultPlan> everyCut() {
        return Stream.concat(
                        cuts(toServer, toServer, FaultPlan::toServer), cuts(toClient, toClient, FaultPlan::toClient))
                .toList();
    }

    /**
     * Cuts at bytes that are spread evenly: of what the client sends, then of what the server answers.
     *
     * @param eachWay how many
     * @return so many plans for each way, by turns a reset and an ordinary end
     */
    public List<FaultPlan> cuts(int eachWay) {
        return Stream.concat(cuts(toServer, eachWay, FaultPlan::toServer), cuts(toClient, eachWay, FaultPlan::toClient))
                .toList();
    }

    private static Stream<FaultPlan> cuts(long bytes, long times, Function<Faults, FaultPlan> way) {
        return LongStream.range(0, times)
                .mapToObj(i ->
                        way.apply(Faults.none().cut(bytes * i / times, i % 2 == 0 ? Ending.RESET : Ending.CLOSE)));
    }
}
