package dev.polylog.tck.report;

import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.Limits;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a backend declares, as texts by name, for reports. Stateless and thread-safe. */
public final class DeclaredTraits {

    /** Under this name stands the backend's own. */
    public static final String BACKEND = "backend";

    private DeclaredTraits() {}

    /**
     * The traits as texts.
     *
     * @param traits what a backend declares
     * @return texts by the names of the traits, in the order of their declaration
     */
    public static Map<String, String> of(BackendTraits traits) {
        Limits limits = traits.limits();
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put(BACKEND, traits.backend());
        texts.put("durability", word(traits.durability()));
        texts.put("maxEventsPerAppend", String.valueOf(limits.maxEventsPerAppend()));
        texts.put("maxStreamsPerAppend", String.valueOf(limits.maxStreamsPerAppend()));
        texts.put("maxPayloadBytes", String.valueOf(limits.maxPayloadBytes()));
        texts.put("maxMetadataBytes", String.valueOf(limits.maxMetadataBytes()));
        texts.put("maxAppendBytes", String.valueOf(limits.maxAppendBytes()));
        texts.put("unwrittenExpectations", String.valueOf(traits.unwrittenExpectations()));
        texts.put("multiStreamReads", String.valueOf(traits.multiStreamReads()));
        texts.put("repeatWindow", word(traits.repeatWindow()));
        texts.put("duplicateDetection", word(traits.duplicateDetection()));
        texts.put("signalBound", traits.signalBound().toMillis() + " ms");
        texts.put("holdBound", traits.holdBound().toMillis() + " ms");
        texts.put("closeBound", traits.closeBound().toMillis() + " ms");
        return texts;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
