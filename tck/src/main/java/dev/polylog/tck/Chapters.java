package dev.polylog.tck;

import java.util.List;

/** The kit's table of contents. */
final class Chapters {

    /** Every chapter, in the order of the specification. */
    static final List<Class<?>> ALL = List.of(
            AppendTck.class,
            IdempotencyTck.class,
            ReadStreamTck.class,
            ReadAllTck.class,
            SignalTck.class,
            SubscriptionTck.class,
            CellTck.class,
            LifecycleTck.class,
            HistoryTck.class);

    private Chapters() {}
}
