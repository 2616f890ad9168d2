package dev.polylog.memory;

import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendTraits.Limits;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import java.util.Set;

/**
 * Opens {@code memory:} (a log of its own) and {@code memory:NAME} (shared within the process), with the options
 * {@code maxEventsPerAppend}, {@code maxPayloadBytes}, {@code maxMetadataBytes} and {@code maxAppendBytes}.
 *
 * <p>Stateless and thread-safe.
 */
public final class MemoryBackendProvider implements BackendProvider {

    /** For the service loader. */
    public MemoryBackendProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("memory");
    }

    @Override
    public LogBackend open(BackendUrl url) {
        Limits strict = MemoryTraits.STRICT.limits();
        BackendUrl.Options options = url.options();
        int events = (int) options.number(
                "maxEventsPerAppend", Limits.LEAST_EVENTS, Integer.MAX_VALUE, strict.maxEventsPerAppend());
        int payload = (int) options.number(
                "maxPayloadBytes", Limits.LEAST_PAYLOAD_BYTES, Integer.MAX_VALUE, strict.maxPayloadBytes());
        int metadata = (int) options.number("maxMetadataBytes", 1, Integer.MAX_VALUE, strict.maxMetadataBytes());
        long append =
                options.number("maxAppendBytes", payload, Long.MAX_VALUE, Math.max(payload, strict.maxAppendBytes()));
        options.finish();
        MemoryBackend.Builder builder =
                MemoryBackend.builder().traits(MemoryTraits.of(new Limits(events, events, payload, metadata, append)));
        return (url.address().isEmpty() ? builder : builder.name(url.address())).open();
    }
}
