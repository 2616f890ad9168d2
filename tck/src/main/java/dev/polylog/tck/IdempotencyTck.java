package dev.polylog.tck;

import org.junit.jupiter.api.extension.ExtendWith;

/** Chapter I: repeats and duplicates. Nested empty in a {@link TckHarness}. */
@ExtendWith(TckExtension.class)
public class IdempotencyTck implements RepeatChecks, DuplicateChecks {

    /** For JUnit and for the nested class. */
    public IdempotencyTck() {}
}
