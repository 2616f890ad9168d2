package dev.polylog.subscription;

import dev.polylog.PolylogException;

/** A bounded list of the subscriptions is full: parked events of one, or the names of all (rule S-05). */
public final class SubscriptionLimitReached extends PolylogException {

    private static final long serialVersionUID = 1L;

    /**
     * Says which list is full.
     *
     * @param message the list, its bound, and what to do
     */
    public SubscriptionLimitReached(String message) {
        super(message, null);
    }
}
