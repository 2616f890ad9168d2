package dev.polylog.tck;

import dev.polylog.spi.LogBackend;

/**
 * The power of a {@link TckHarness} to lose the answer of an append inside its backend, so that the backend's own way of
 * resolving it is judged (rules A-05, I-05). For a harness without it the kit loses answers between itself and the
 * backend.
 */
public interface UnknownOutcomes {

    /**
     * Opens one more handle on the log, whose appends can be made to end unknown.
     *
     * @return the handle; the kit closes its backend
     */
    Faulty openFaulty();

    /** When the answer gets lost. */
    enum Moment {
        /** The append never reached the store. */
        BEFORE_COMMIT,
        /** The store wrote the append. */
        AFTER_COMMIT,
        /** The append is on its way: it reaches the store when {@link Faulty#deliverLate()} is called, if ever. */
        IN_FLIGHT
    }

    /** A handle whose appends can be made to end unknown. Thread-safe. */
    interface Faulty {

        /**
         * The handle.
         *
         * @return the open backend, the same at every call
         */
        LogBackend backend();

        /**
         * Makes the next append end unknown.
         *
         * @param moment when its answer gets lost
         */
        void loseNextAnswer(Moment moment);

        /** Lets appends arrive that are on their way; one that was resolved meanwhile must stay without effect. */
        void deliverLate();
    }
}
