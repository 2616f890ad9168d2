/**
 * The core of Polylog: the event store's API, the interface that backends implement, the reference backend in memory,
 * and everything that is built above backends.
 */
module dev.polylog.core {
    requires transitive org.jspecify;
    requires org.slf4j;
    requires com.fasterxml.jackson.core;

    exports dev.polylog;
    exports dev.polylog.copy;
    exports dev.polylog.subscription;
    exports dev.polylog.spi;
    exports dev.polylog.spi.support;
    exports dev.polylog.memory;

    uses dev.polylog.spi.BackendProvider;

    provides dev.polylog.spi.BackendProvider with
            dev.polylog.memory.MemoryBackendProvider;
}
