package dev.polylog.tck;

import org.junit.jupiter.api.extension.ExtendWith;

/** Chapter G: reading everything. Nested empty in a {@link TckHarness}. */
@ExtendWith(TckExtension.class)
public class ReadAllTck implements LogOrderChecks, LogFilterChecks, LogPositionChecks {

    /** For JUnit and for the nested class. */
    public ReadAllTck() {}
}
