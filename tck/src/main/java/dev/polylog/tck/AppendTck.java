package dev.polylog.tck;

import org.junit.jupiter.api.extension.ExtendWith;

/** Chapter A: appending. Nested empty in a {@link TckHarness}. */
@ExtendWith(TckExtension.class)
public class AppendTck
        implements AppendExpectationChecks,
                AppendAtomicityChecks,
                AppendSeveralStreamsChecks,
                AppendContentChecks,
                AppendLimitChecks,
                AppendNameChecks,
                AppendFailureChecks {

    /** For JUnit and for the nested class. */
    public AppendTck() {}
}
