package dev.polylog.bench;

/** Is told how far a run is. Implementations are called by one thread at a time. */
@FunctionalInterface
public interface ProgressListener {

    /**
     * Something begins.
     *
     * @param what for people: the workload and the contender
     * @param done rounds that are done
     * @param all rounds in all
     */
    void progress(String what, int done, int all);
}
