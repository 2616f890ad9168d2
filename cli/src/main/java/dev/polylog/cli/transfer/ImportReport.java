package dev.polylog.cli.transfer;

/**
 * What an import did.
 *
 * <p>Immutable and thread-safe.
 *
 * @param stored how many events were stored now
 * @param alreadyThere how many were in the store, with the same content, at the same place of their stream
 * @param brokenLines how many lines were left out
 * @param streams how many streams the file's events belong to
 * @param digest the content digest of the file's events: that of a store which holds these events and no others
 */
public record ImportReport(long stored, long alreadyThere, long brokenLines, int streams, String digest) {

    /**
     * How many events the file and the store have in common now.
     *
     * @return stored and already there
     */
    public long events() {
        return stored + alreadyThere;
    }
}
