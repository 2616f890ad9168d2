package dev.polylog.servers.proxy;

import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a proxy does to a connection.
 *
 * <p>Immutable and thread-safe.
 *
 * @param toServer what happens to what the client sends
 * @param toClient what happens to what the server sends
 */
public record FaultPlan(Faults toServer, Faults toClient) {

    private static final FaultPlan NONE = new FaultPlan(Faults.none(), Faults.none());

    /**
     * Everything passes at once.
     *
     * @return a plan without faults
     */
    public static FaultPlan none() {
        return NONE;
    }

    /**
     * Faults in what the client sends.
     *
     * @param faults what happens to it
     * @return a plan that leaves the other direction as it is
     */
    public static FaultPlan toServer(Faults faults) {
        return new FaultPlan(faults, Faults.none());
    }

    /**
     * Faults in what the server sends.
     *
     * @param faults what happens to it
     * @return a plan that leaves the other direction as it is
     */
    public static FaultPlan toClient(Faults faults) {
        return new FaultPlan(Faults.none(), faults);
    }

    /**
     * The same end in both directions, at once.
     *
     * @param ending what happens to open connections and to new ones
     * @return a plan that lets no byte pass
     */
    public static FaultPlan now(Ending ending) {
        return new FaultPlan(Faults.none().cut(0, ending), Faults.none().cut(0, ending));
    }

    /**
     * An end somewhere, drawn from a seed: direction, number of bytes and ending; the same for the same arguments.
     *
     * @param seed where the draw comes from
     * @param connection which draw of the seed, such as the number of a connection
     * @param withinBytes the cut comes after fewer bytes than this
     * @return a plan with one cut
     */
    public static FaultPlan random(long seed, int connection, long withinBytes) {
        // Mixed first, so that neighbouring connections and seeds have nothing in common.
        SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong() + connection);
        List<Ending> endings = List.copyOf(EnumSet.allOf(Ending.class));
        Ending ending = endings.get(random.nextInt(endings.size()));
        Faults faults = Faults.none().cut(random.nextLong(withinBytes), ending);
        return random.nextBoolean() ? toServer(faults) : toClient(faults);
    }
}
