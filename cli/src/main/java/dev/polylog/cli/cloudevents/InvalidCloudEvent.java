package dev.polylog.cli.cloudevents;

/** A text that is no CloudEvent, or none that can be an event of a stream. */
public final class InvalidCloudEvent extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message what is wrong and what was expected
     */
    public InvalidCloudEvent(String message) {
        super(message);
    }
}
