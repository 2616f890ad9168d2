package dev.polylog.eventstoredb;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.AppendResult.Written;
import dev.polylog.ExpectedVersion;
import dev.polylog.PolylogException;
import dev.polylog.Position;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.UnsupportedByStore;
import dev.polylog.eventstoredb.KurrentAttempt.Standing;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentFailures.Meaning;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.support.AppendRules;
import dev.polylog.spi.support.AppendRules.Decision;
import dev.polylog.spi.support.Backoff;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kurrent.dbclient.WrongExpectedVersionException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The append path.
 *
 * <ol>
 *   <li>An append that expects an exact version of every stream is sent at once: the server itself recognises a repeat of
 *       such a one, at any time. Every other one is decided here first, by {@link AppendRules} and the tails of its
 *       streams, and then sent with the exact versions found; {@code any} is never sent, since a server forgets the ids
 *       by which it would recognise a repeat.
 *   <li>The answer to a repeat is that of the first time: what stands at or below a position that was known before is a
 *       repeat; of everything else the mark is looked at ({@link KurrentAttempt}).
 *   <li>Where a version is not as expected, an exact append is a conflict, unless some of its events stand there; any
 *       other one is decided anew.
 *   <li>An append in doubt is resolved by sending the same attempt again: KurrentDB has nothing by which a late attempt
 *       could be held off, but the same attempt twice writes once. So what was in doubt is in the log afterwards, unless
 *       others had taken its place.
 * </ol>
 *
 * <p>Thread-safe. Rules, I-01 to I-06.
 */
final class KurrentAppender {

    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(1), Duration.ofMillis(50));

    private final KurrentCalls calls;
    private final KurrentWitness witness;
    private final Runnable grown;
    private final String handle = Long.toUnsignedString(new SecureRandom().nextLong(), Character.MAX_RADIX);
    private final AtomicLong attempts = new AtomicLong();
    private volatile Position known = Position.START;

    KurrentAppender(KurrentCalls calls, KurrentEchoes echoes, Runnable grown) {
        this.calls = calls;
        this.witness = new KurrentWitness(calls, echoes);
        this.grown = grown;
    }

    /** An event stands at this position already, whatever is appended from now on. */
    synchronized void seen(Position position) {
        known = position.isAfter(known) ? position : known;
    }

    AppendOutcome append(AppendCommand command) {
        requireDistinctInAnyCase(command);
        Map<StreamId, Long> exact = exactVersions(command);
        if (exact.size() < command.writes().size()) {
            return decided(command);
        }
        return exactly(command, exact);
    }

    /** The server takes names of one append for the same that differ in the case of letters only. */
    private static void requireDistinctInAnyCase(AppendCommand command) {
        Set<String> names = new HashSet<>();
        for (StreamWrite write : command.writes()) {
            if (!names.add(write.stream().name().toLowerCase(Locale.ROOT))) {
                throw new UnsupportedByStore("KurrentDB writes no two streams in one append whose names differ only in"
                        + " the case of letters: " + write.stream() + "; append to them one after the other");
            }
        }
    }

    private static long exactVersion(@Nullable ExpectedVersion expected) {
        if (expected instanceof ExpectedVersion.Exactly exactly) {
            return exactly.version();
        }
        return expected instanceof ExpectedVersion.NoStream ? 0 : -1;
    }

    /** The versions that the first events are to have, of the streams that are expected to be at an exact version. */
    private static Map<StreamId, Long> exactVersions(AppendCommand command) {
        Map<StreamId, Long> exact = new LinkedHashMap<>();
        for (StreamWrite write : command.writes()) {
            long version = exactVersion(command.expectations().get(write.stream()));
            if (version >= 0) {
                exact.put(write.stream(), version + 1);
            }
        }
        return exact;
    }

    /** Sent as it is expected; the streams are looked at only where that does not hold, or a part of it is there. */
    private AppendOutcome exactly(AppendCommand command, Map<StreamId, Long> firstVersions) {
        KurrentAttempt attempt = attempt(command, firstVersions);
        Position before = known;
        try {
            return appended(command, attempt, before, attempt.send());
        } catch (Failed e) {
            if (!isOvertaken(command, e)) {
                throw failed(command, attempt, e);
            }
            return command.writes().size() == 1
                    ? conflict(command, command.writes().get(0).stream(), actual(e))
                    : decided(command);
        }
    }

    /** The version that the server compared with; what it says it expected is not to be trusted. */
    private static long actual(Failed e) {
        return e.reason() instanceof WrongExpectedVersionException wrong
                ? wrong.getActualState().toRawLong() + 1
                : 0;
    }

    private AppendOutcome conflict(AppendCommand command, StreamId stream, long actual) {
        ExpectedVersion expected = command.expectations().getOrDefault(stream, ExpectedVersion.any());
        if (actual > exactVersion(expected)) {
            KurrentStreams streams = new KurrentStreams(calls, command.eventCount());
            Decision decision = AppendRules.decide(command, streams);
            if (decision instanceof Decision.Refuse refuse) {
                return refuse.outcome();
            }
            if (decision instanceof Decision.Repeat repeat) {
                return repeated(command, repeat.firstVersions(), streams);
            }
        }
        return new AppendOutcome.Conflict(stream, expected, Math.max(0, actual));
    }

    private AppendOutcome decided(AppendCommand command) {
        long deadline = System.nanoTime() + calls.timeout().toNanos();
        for (int round = 1; ; round++) {
            KurrentStreams streams = new KurrentStreams(calls, longest(command));
            Decision decision = AppendRules.decide(command, streams);
            if (decision instanceof Decision.Refuse refuse) {
                return refuse.outcome();
            }
            if (decision instanceof Decision.Repeat repeat) {
                return repeated(command, repeat.firstVersions(), streams);
            }
            KurrentAttempt attempt = attempt(command, ((Decision.Write) decision).firstVersions());
            Position before = known;
            try {
                return appended(command, attempt, before, attempt.send());
            } catch (Failed e) {
                if (!isOvertaken(command, e)) {
                    throw failed(command, attempt, e);
                }
            }
            if (System.nanoTime() > deadline) {
                throw new StoreUnavailable(
                        calls.address() + ": others kept appending to " + streamNames(command) + " for "
                                + calls.timeout().toMillis() + " ms; nothing was written. Try again later",
                        null);
            }
            LockSupport.parkNanos(
                    PAUSES.jittered(round, ThreadLocalRandom.current()).toNanos());
        }
    }

    private static int longest(AppendCommand command) {
        return command.writes().stream()
                .mapToInt(write -> write.events().size())
                .max()
                .orElse(1);
    }

    private static String streamNames(AppendCommand command) {
        return String.join(
                ", ",
                command.writes().stream().map(write -> write.stream().name()).toList());
    }

    /** Somebody wrote between our look and our attempt, or wrote a part of it; nothing was written. */
    private static boolean isOvertaken(AppendCommand command, Failed e) {
        return e.meaning() == Meaning.CONFLICT
                || (command.writes().size() > 1
                        && e.reason() instanceof StatusRuntimeException status
                        && status.getStatus().getCode() == Status.Code.INTERNAL
                        && String.valueOf(status.getStatus().getDescription()).contains("already"));
    }

    private KurrentAttempt attempt(AppendCommand command, Map<StreamId, Long> firstVersions) {
        String mark = handle + "-" + Long.toString(attempts.incrementAndGet(), Character.MAX_RADIX);
        return new KurrentAttempt(calls, witness, command, firstVersions, mark, known);
    }

    private AppendOutcome appended(AppendCommand command, KurrentAttempt attempt, Position before, Standing standing) {
        Position position = standing.position();
        if (position == null) {
            // Written before and hidden since: where it stood cannot be told any more.
            StreamWrite write = command.writes().get(0);
            return new AppendOutcome.Duplicate(
                    write.stream(), write.events().get(0).id());
        }
        seen(position);
        boolean repeated = !position.isAfter(before) || !wrote(command, attempt, standing, position);
        if (!repeated) {
            grown.run();
        }
        return new AppendOutcome.Appended(KurrentAttempt.result(standing, position, repeated));
    }

    /** Whether this attempt wrote it. If that cannot be seen, it is in the log all the same. */
    private boolean wrote(AppendCommand command, KurrentAttempt attempt, Standing standing, Position position) {
        try {
            return attempt.wrote(standing, position);
        } catch (Failed | StoreClosed | StoreUnavailable e) {
            throw new AppendOutcomeUnknown(
                    command.eventIds(),
                    calls.address() + ": the events are in the log, but it could not be seen who wrote them: "
                            + KurrentFailures.message(e),
                    KurrentFailures.cause(e),
                    () -> Optional.of(KurrentAttempt.result(standing, position, false)));
        }
    }

    private static AppendOutcome repeated(
            AppendCommand command, Map<StreamId, Long> firstVersions, KurrentStreams streams) {
        Map<StreamId, Written> written = new LinkedHashMap<>();
        Position last = Position.START;
        for (StreamWrite write : command.writes()) {
            long first = firstVersions.getOrDefault(write.stream(), 1L);
            long end = first + write.events().size() - 1;
            written.put(write.stream(), new Written(write.stream(), first, end));
            Position position = streams.position(write.stream(), end);
            last = position != null && position.isAfter(last) ? position : last;
        }
        return new AppendOutcome.Appended(new AppendResult(List.copyOf(written.values()), last, true));
    }

    private PolylogException failed(AppendCommand command, KurrentAttempt attempt, Failed e) {
        return switch (e.meaning()) {
            case ENDED -> KurrentStreams.ended(command.writes().get(0).stream());
            case UNKNOWN -> unknown(command, attempt, e);
            case CONFLICT, MISSING, NOT_LEADER, UNSENT, DENIED, REFUSED -> calls.known("append", e);
        };
    }

    private AppendOutcomeUnknown unknown(AppendCommand command, KurrentAttempt attempt, Failed e) {
        return new AppendOutcomeUnknown(
                command.eventIds(),
                calls.address() + ": " + KurrentFailures.message(e.reason()),
                e.reason(),
                () -> resolve(attempt));
    }

    private Optional<AppendResult> resolve(KurrentAttempt attempt) {
        try {
            Standing standing = attempt.send();
            Position position = standing.position();
            if (position == null) {
                throw new StoreUnavailable(
                        calls.address() + ": the append was written, but its events are hidden by now", null);
            }
            seen(position);
            grown.run();
            return Optional.of(KurrentAttempt.result(standing, position, false));
        } catch (Failed e) {
            if (e.meaning() == Meaning.CONFLICT || e.meaning() == Meaning.ENDED || e.meaning() == Meaning.REFUSED) {
                return Optional.empty();
            }
            PolylogException again = calls.known("resolving the append", e);
            throw again instanceof StoreClosed ? again : (StoreUnavailable) again;
        }
    }
}
