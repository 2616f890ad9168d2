package dev.polylog.servers.kurrentdb;

/** Whose behaviour the server shows, where versions differ. */
public enum KurrentVersion {
    /**
     * EventStoreDB 23.10: 1 MiB an append and no limit of its own for an event, {@code caught_up} without content and
     * once a subscription, slow subscribers are dropped, no appends to several streams.
     */
    V23_10("23.10.7", 1 << 20, Integer.MAX_VALUE),
    /**
     * KurrentDB 25.1: 256 MiB an append, 16 MiB an event, {@code caught_up} says where, slow subscribers are led back to
     * the log, several streams in one append.
     */
    V25_1("25.1.4", 256 << 20, 16 << 20);

    private final String number;
    private final int maxAppendBytes;
    private final int maxEventBytes;

    KurrentVersion(String number, int maxAppendBytes, int maxEventBytes) {
        this.number = number;
        this.maxAppendBytes = maxAppendBytes;
        this.maxEventBytes = maxEventBytes;
    }

    /**
     * The version that the server says it is: three numbers.
     *
     * @return for example {@code 25.1.4}
     */
    public String number() {
        return number;
    }

    int maxAppendBytes() {
        return maxAppendBytes;
    }

    int maxEventBytes() {
        return maxEventBytes;
    }

    boolean appendsToSeveralStreams() {
        return this == V25_1;
    }

    boolean saysWhereItCaughtUp() {
        return this == V25_1;
    }

    boolean dropsSlowSubscribers() {
        return this == V23_10;
    }
}
