package dev.polylog.cli.cloudevents;

import dev.polylog.Metadata;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which CloudEvents attribute holds which metadata entry, and which values it takes. Stateless and thread-safe.
 */
final class Attributes {

    static final String SPEC_VERSION = "specversion";
    static final String ID = "id";
    static final String SOURCE = "source";
    static final String TYPE = "type";
    static final String SUBJECT = "subject";
    static final String TIME = "time";
    static final String SCHEMA = "dataschema";
    static final String CONTENT_TYPE = "datacontenttype";
    static final String DATA = "data";
    static final String DATA_BASE64 = "data_base64";

    /** Ours: begin with this, are ignored when read, except {@link #METADATA}. */
    static final String OURS = "polylog";

    static final String VERSION = OURS + "version";
    static final String POSITION = OURS + "position";
    static final String RECORDED_AT = OURS + "recordedat";
    static final String METADATA = OURS + "metadata";

    /** The source that is written for an event without one. */
    static final String OWN_SOURCE = "urn:polylog";

    /** The metadata entry for an id that is not a UUID. */
    static final String ORIGINAL_ID = "cloudevents.id";

    /** The metadata entry for the attributes that were not texts. */
    static final String TYPES = "cloudevents.types";

    /** What has a place of its own in an event, or stands for an entry of another name. */
    private static final Set<String> RESERVED =
            Set.of(SPEC_VERSION, ID, TYPE, SUBJECT, CONTENT_TYPE, DATA, "correlationid", "causationid");

    private static final Map<String, String> ENTRY_BY_ATTRIBUTE =
            Map.of("correlationid", Metadata.CORRELATION_ID, "causationid", Metadata.CAUSATION_ID);
    private static final Map<String, String> ATTRIBUTE_BY_ENTRY =
            Map.of(Metadata.CORRELATION_ID, "correlationid", Metadata.CAUSATION_ID, "causationid");

    private static final int USUAL_NAME_LENGTH = 20;
    private static final Pattern TIMESTAMP = Pattern.compile(
            "\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])[Tt ]([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d+)?"
                    + "([Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d)");

    private Attributes() {}

    /** Whether CloudEvents allow such a name. */
    static boolean validName(String attribute) {
        for (int i = 0; i < attribute.length(); i++) {
            char c = attribute.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !attribute.isEmpty();
    }

    /** Whether the text is a time as CloudEvents write it (RFC 3339). */
    static boolean validTime(String text) {
        return TIMESTAMP.matcher(text).matches();
    }

    /** The metadata entry for an attribute that has no place of its own in an event. */
    static String entryFor(String attribute) {
        return ENTRY_BY_ATTRIBUTE.getOrDefault(attribute, attribute);
    }

    /** The attribute for a metadata entry, or empty where there is none that takes this name and value. */
    static Optional<String> attributeFor(String entry, String value) {
        String attribute = ATTRIBUTE_BY_ENTRY.get(entry);
        if (attribute != null) {
            return Optional.of(attribute);
        }
        boolean fits = validName(entry)
                && entry.length() <= USUAL_NAME_LENGTH
                && !RESERVED.contains(entry)
                && !entry.startsWith(OURS)
                && takes(entry, value);
        return fits ? Optional.of(entry) : Optional.empty();
    }

    private static boolean takes(String attribute, String value) {
        return switch (attribute) {
            case SOURCE -> validUri(value) && !value.equals(OWN_SOURCE);
            case SCHEMA -> validUri(value);
            case TIME -> validTime(value);
            default -> true;
        };
    }

    private static boolean validUri(String value) {
        try {
            return !value.isEmpty() && !new URI(value).toString().isEmpty();
        } catch (URISyntaxException e) {
            return false; // then the entry travels as metadata
        }
    }
}
