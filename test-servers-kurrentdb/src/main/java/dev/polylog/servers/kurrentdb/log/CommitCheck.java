package dev.polylog.servers.kurrentdb.log;

import dev.polylog.servers.kurrentdb.log.Proposal.Event;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides an append as the server's index writer does. In this order:
 *
 * <ol>
 *   <li>A stream that was ended for good is deleted.
 *   <li>{@code exists}: a deleted stream is deleted; one with neither events nor metadata has the wrong version.
 *   <li>{@code any} and {@code exists}: ids are looked up in the cache of recent writes only. First id unknown: write
 *       all, later ids are not looked at. First known and a later one not: wrong version. All known: a repeat; order and
 *       content are not compared.
 *   <li>{@code noStream}, or a revision below the last: the events must be those that follow the expected revision, by
 *       the cache or by what the log holds there. All are: a repeat, after any time. The first is not: wrong version, but
 *       {@code noStream} on a deleted stream writes. A later one is not, or the stream ends before: wrong version. No
 *       events: wrong version.
 *   <li>A revision above the last: wrong version.
 *   <li>The last revision, or {@code noStream} where there is none: written, whatever the ids are.
 * </ol>
 *
 * Stateless and thread-safe.
 */
final class CommitCheck {

    private CommitCheck() {}

    /** What the decision needs to know of a stream. */
    interface View {

        /** The revision of the last event, -1 where there never was one. */
        long last();

        boolean isTombstoned();

        boolean isSoftDeleted();

        boolean hasMetadata();

        /** The id of the event that stands at a revision; null where the log does not hold it. */
        @Nullable
        UUID idAt(long revision);

        /** The revision at which the cache of recent writes has an id for this stream, or null. */
        @Nullable
        Long cached(UUID id);
    }

    static Verdict decide(View stream, long expected, List<Event> events) {
        if (stream.isTombstoned()) {
            return new Verdict.Deleted();
        }
        if (expected == Proposal.EXISTS) {
            if (stream.isSoftDeleted()) {
                return new Verdict.Deleted();
            }
            if (stream.last() < 0 && !stream.hasMetadata()) {
                return new Verdict.WrongVersion(-1);
            }
        }
        if (expected == Proposal.ANY || expected == Proposal.EXISTS) {
            return byCache(stream, events);
        }
        if (expected > stream.last()) {
            return new Verdict.WrongVersion(stream.last());
        }
        return expected == stream.last() ? write(stream) : byPlace(stream, expected, events);
    }

    private static Verdict write(View stream) {
        return new Verdict.Write(stream.last() + 1);
    }

    private static Verdict byCache(View stream, List<Event> events) {
        Long at = null;
        for (int i = 0; i < events.size(); i++) {
            at = stream.cached(events.get(i).id());
            if (at == null) {
                return i == 0 ? write(stream) : new Verdict.WrongVersion(stream.last());
            }
        }
        return at == null ? write(stream) : new Verdict.Repeat(at);
    }

    private static Verdict byPlace(View stream, long expected, List<Event> events) {
        for (int i = 0; i < events.size(); i++) {
            UUID id = events.get(i).id();
            long there = expected + 1 + i;
            Long cached = stream.cached(id);
            boolean same = (cached != null && cached == there) || id.equals(stream.idAt(there));
            if (!same) {
                return i == 0 && expected == Proposal.NO_STREAM && stream.isSoftDeleted()
                        ? write(stream)
                        : new Verdict.WrongVersion(stream.last());
            }
        }
        return events.isEmpty()
                ? new Verdict.WrongVersion(stream.last())
                : new Verdict.Repeat(expected + events.size());
    }
}
