package dev.polylog.kafka;

/** A record's bytes make no sense; it is refused with this reason. Never leaves the codec. */
final class MalformedRecord extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    MalformedRecord(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
