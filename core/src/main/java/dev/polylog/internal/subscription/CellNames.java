package dev.polylog.internal.subscription;

/** In which cells subscriptions keep what must survive. Stateless and thread-safe. */
final class CellNames {

    /** Lists the durable names. */
    static final String REGISTRY = "subscriptions";

    private CellNames() {}

    static String checkpoint(String name) {
        return "subscription/" + name + "/checkpoint";
    }

    static String parkedPage(String name, int page) {
        return "subscription/" + name + "/parked/" + page;
    }
}
