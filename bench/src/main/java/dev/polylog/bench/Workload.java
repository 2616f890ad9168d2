package dev.polylog.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a store is asked to do. */
public enum Workload {
    /** One writer appends one event at a time. */
    APPEND_1_BY_1(Kind.APPEND, 1, 1),
    /** 8 writers, each with a stream of its own, append one event at a time. */
    APPEND_1_BY_8(Kind.APPEND, 1, 8),
    /** 64 writers, each with a stream of its own, append one event at a time. */
    APPEND_1_BY_64(Kind.APPEND, 1, 64),
    /** One writer appends 10 events at a time. */
    APPEND_10_BY_1(Kind.APPEND, 10, 1),
    /** 8 writers, each with a stream of its own, append 10 events at a time. */
    APPEND_10_BY_8(Kind.APPEND, 10, 8),
    /** 64 writers, each with a stream of its own, append 10 events at a time. */
    APPEND_10_BY_64(Kind.APPEND, 10, 64),
    /** 8 writers append to one stream, each expecting the version that it read, and try again after a conflict. */
    APPEND_CONTENDED(Kind.CONTENDED, 1, 8),
    /** One reader reads streams of 100 events, which were appended ten at a time. */
    READ_STREAM(Kind.READ_STREAM, 100, 1),
    /** 8 readers read streams of 100 events, which were appended ten at a time. */
    READ_STREAM_BY_8(Kind.READ_STREAM, 100, 8),
    /** One reader reads everything, warm. */
    READ_ALL(Kind.READ_ALL, 1, 1),
    /** Events are offered at a fixed rate; measured is the time until a live subscription has them. */
    SUBSCRIBE(Kind.SUBSCRIBE, 1, 4);

    /** What kind of driver runs it. */
    enum Kind {
        APPEND,
        CONTENDED,
        READ_STREAM,
        READ_ALL,
        SUBSCRIBE
    }

    private final Kind kind;
    private final int events;
    private final int clients;

    Workload(Kind kind, int events, int clients) {
        this.kind = kind;
        this.events = events;
        this.clients = clients;
    }

    Kind kind() {
        return kind;
    }

    /**
     * How many events one operation is about.
     *
     * @return events an append, or events in a stream that is read
     */
    public int events() {
        return events;
    }

    /**
     * How many clients there are.
     *
     * @return threads that call the store at the same time
     */
    public int clients() {
        return clients;
    }

    /**
     * The name on the command line and in reports.
     *
     * @return for example {@code append-1-by-8}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * What the rate counts.
     *
     * @return for example {@code appends/s}
     */
    public String unit() {
        return switch (kind) {
            case APPEND, CONTENDED -> "appends/s";
            case READ_STREAM -> "streams/s";
            case READ_ALL, SUBSCRIBE -> "events/s";
        };
    }

    /**
     * The workload with this name.
     *
     * @param label as {@link #label()} gives it
     * @return the workload
     * @throws IllegalArgumentException if there is none; lists all
     */
    public static Workload of(String label) {
        return Arrays.stream(values())
                .filter(workload -> workload.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no workload \"" + label + "\"; there are " + String.join(", ", labels())));
    }

    private static List<String> labels() {
        return Arrays.stream(values()).map(Workload::label).toList();
    }
}
