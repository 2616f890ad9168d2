package dev.polylog.subscription;

import dev.polylog.PolylogException;

/**
 * Another run of the same durable subscription has taken over; this one has stopped and saved nothing since (rule S-04).
 */
public final class SubscriptionTakenOver extends PolylogException {

    private static final long serialVersionUID = 1L;

    /**
     * Says who lost what.
     *
     * @param message the durable name, and what to do
     */
    public SubscriptionTakenOver(String message) {
        super(message, null);
    }
}
