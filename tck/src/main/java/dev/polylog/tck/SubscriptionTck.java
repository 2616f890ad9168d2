package dev.polylog.tck;

import org.junit.jupiter.api.extension.ExtendWith;

/** Chapter S: subscriptions. Nested empty in a {@link TckHarness}. */
@ExtendWith(TckExtension.class)
public class SubscriptionTck
        implements SubscriptionDeliveryChecks,
                SubscriptionCheckpointChecks,
                SubscriptionFailureChecks,
                SubscriptionLifeChecks,
                SubscriptionDivergenceChecks {

    /** For JUnit and for the nested class. */
    public SubscriptionTck() {}
}
