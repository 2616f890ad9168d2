package dev.polylog.tck.mutants;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.spi.LogBackend;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** A store that is wrong in one way, and the rules that it breaks. */
enum Mutant {
    LETS_STALE_WRITERS_IN(Appending::staleVersion, "A-03 A-04 | A-10 A-11"),
    SAYS_SUCCESS_TO_BOTH_RACERS(Appending::twoWinners, "A-03 A-04 | A-01 A-07 A-10 A-11"),
    TEARS_APPENDS(Appending::torn, "A-01 | A-02 A-03 A-05 A-06 A-15 G-01 G-02 G-08 I-01 I-02 I-03 I-05"),
    REVERSES_APPENDS(Appending::reversed, "A-06 | A-05 A-08 A-10 A-14 A-15 G-02 G-08 I-05"),
    CHANGES_PAYLOADS((honest, shared) -> Appending.changingEvents(honest, Mutant::throughText), "A-08 | A-14"),
    DROPS_EMPTY_METADATA((honest, shared) -> Appending.changingEvents(honest, Mutant::withoutEmpty), "A-08"),
    RECORDS_WHOLE_SECONDS(Reading::wholeSeconds, "A-09"),
    WRITES_STREAM_BY_STREAM(Appending::streamByStream, "A-10 | A-01 A-06 I-03"),
    IGNORES_UNWRITTEN_EXPECTATIONS(Appending::ignoresUnwritten, "A-11"),
    TAKES_LESS_THAN_DECLARED(Appending::smallerLimit, "A-12 | A-01 A-08 A-10 A-14"),
    TRIMS_NAMES((honest, shared) -> Reading.renaming(honest, String::stripTrailing), "A-14"),
    FOLDS_CASE((honest, shared) -> Reading.renaming(honest, Mutant::folded), "A-14"),
    FAILS_GROUPS_TOGETHER(Appending::groupFailsTogether, "A-15 | A G I L"),
    ANSWERS_WITH_THE_FIRST_POSITION(Appending::firstPosition, "G-01 | A-01 A-03 A-07 A-10 G-08 L-03"),
    SWALLOWS_UNKNOWN_OUTCOMES(Living::swallowsUnknown, "A-05 I-05 | A-15 G-02 G-08"),
    RESOLVES_WITHOUT_A_FENCE(Living::looksWithoutFence, "A-05"),
    RETRIES_UNDER_NEW_IDS(Living::retriesUnderNewIds, "A-05 I-05 | A-15 G-02 G-08"),
    FORGETS_REPEATS(Appending::forgetsRepeats, "I-01 I-06 | I-05"),
    FORGETS_REPEATS_WITH_ANY(Appending::shortWindow, "I-02"),
    TAKES_PARTIAL_DUPLICATES(Appending::takesDuplicates, "I-03 | A-15"),
    MIXES_IDS_OF_STREAMS(Appending::idsAcrossStreams, "I-04 | A-05 A-15 I-03"),
    READS_BACKWARDS_EXCLUSIVELY(Reading::backwardExclusive, "R-01 | R-02"),
    GIVES_ONE_EVENT_TOO_MANY(Reading::oneTooMany, "R-02"),
    GUESSES_THE_END(Reading::guessesTheEnd, "R-02"),
    IGNORES_THE_BYTES_OF_PAGES(Reading::unboundedPages, "R-02"),
    FAILS_ON_MISSING_STREAMS(Reading::missingStreamFails, "R-03 | A G-02 G-08 I L-02 R-04"),
    READS_FROM_A_STALE_CACHE(Reading::staleCache, "R-04 | A-01"),
    SHOWS_EVENTS_LATER(Reading::showsLater, "G-02 G-06 | A G I L N R"),
    SKIPS_BETWEEN_PAGES(Reading::skipsBetweenPages, "G-02 G-03 | A-01 A-06 A-14 G-01 G-04 G-05"),
    READS_INCLUSIVELY(Reading::inclusive, "G-03 | G-01 G-02 G-05 N-01 N-02"),
    TAKES_PREFIXES_FOR_PATTERNS(Reading::likePrefix, "G-04"),
    STANDS_STILL_WHERE_NOTHING_MATCHES(Reading::standsStill, "G-05"),
    SHOWS_A_STALE_WATERMARK(Reading::staleWatermark, "G-08 | A-05"),
    SIGNALS_AFTER_CLOSE(Living::signalsForEver, "N-01"),
    LOSES_SIGNALS(Living::loses, "N-02"),
    LETS_THE_LAST_CELL_WRITER_WIN(Living::lastWriterWins, "K-01"),
    READS_STALE_CELLS(Living::staleCells, "K-02 | K-01"),
    SHOWS_CELLS_AS_EVENTS(Living::cellsAreEvents, "K-03"),
    CUTS_CELLS(Living::cutsCells, "K-04"),
    GIVES_EVERY_HANDLE_A_LOG_ID(Reading::otherLogId, "L-01"),
    FORGETS_ON_REOPEN(Living::forgetful, "A-16 G-07 I-01 K-04 L-02 | L-04"),
    ANSWERS_AFTER_CLOSE(Living::neverCloses, "L-03 | A-03 A-16 G-02 G-07 I-01 K-04 L-02"),
    FAILS_WHEN_CLOSED_AGAIN(Living::closesOnce, "L-03"),
    DOES_NOTHING((honest, shared) -> new DoesNothing(honest), "");

    private final BiFunction<LogBackend, Shared, LogBackend> lie;
    private final Set<String> breaks;
    private final Set<String> shakes;

    /**
     * A mutant.
     *
     * @param rules the rules that it breaks, then, after a bar, rules or whole chapters that it may break besides or whose
     *     tests need what it breaks
     */
    Mutant(BiFunction<LogBackend, Shared, LogBackend> lie, String rules) {
        String[] parts = rules.split(" \\| ");
        this.lie = lie;
        this.breaks = Set.of(parts[0].split(" "));
        this.shakes = parts.length == 1 ? Set.of() : Set.of(parts[1].split(" "));
    }

    LogBackend wrap(LogBackend honest, Shared shared) {
        return lie.apply(honest, shared);
    }

    /** The rules that the kit must find broken. */
    Set<String> breaks() {
        return breaks;
    }

    /** Whether the kit may find that rule broken. */
    boolean mayBreak(String rule) {
        return breaks.contains(rule) || shakes.contains(rule) || shakes.contains(rule.substring(0, 1));
    }

    /** In a collation for which {@code A} is {@code a}, at least at the end of a name. */
    private static String folded(String name) {
        return name.endsWith("A") ? name.substring(0, name.length() - 1) + "a" : name;
    }

    /** Through a text column. */
    private static EventData throughText(EventData event) {
        return new EventData(
                event.id(),
                event.type(),
                event.contentType(),
                Payload.utf8(event.payload().asUtf8()),
                event.metadata());
    }

    /** Through a column where empty means null. */
    private static EventData withoutEmpty(EventData event) {
        return event.withMetadata(Metadata.of(event.metadata().asMap().entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue))));
    }
}
