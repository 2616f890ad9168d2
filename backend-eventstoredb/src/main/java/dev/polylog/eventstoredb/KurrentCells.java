package dev.polylog.eventstoredb;

import dev.polylog.CellOutcomeUnknown;
import dev.polylog.Payload;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentFailures.Meaning;
import dev.polylog.eventstoredb.KurrentFetch.Fetched;
import dev.polylog.eventstoredb.KurrentFetch.Raw;
import dev.polylog.spi.CellStore;
import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.ReadStreamOptions;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.StreamState;
import io.kurrent.dbclient.WrongExpectedVersionException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cells: each is a stream, its last event is the value, and that event's revision plus one is the cell's revision. The
 * stream keeps only a few events ({@code $maxCount}); what it held before goes with the server's next scavenge.
 * Thread-safe. Rules K-01 to K-04.
 */
final class KurrentCells implements CellStore {

    private static final Logger LOG = LoggerFactory.getLogger(KurrentCells.class);

    private static final String TYPE = "CellSet";
    private static final byte[] METADATA = "{\"$maxCount\":2}".getBytes(StandardCharsets.UTF_8);

    /** How often the retention is set again, in case that it failed the first time. */
    private static final long RETENTION_EVERY = 1_000;

    private final KurrentCalls calls;

    KurrentCells(KurrentCalls calls) {
        this.calls = calls;
    }

    @Override
    public Optional<Cell> get(String name) {
        try {
            Fetched<Raw> fetched = calls.readStream(
                    KurrentLayout.cellStream(name),
                    ReadStreamOptions.get().backwards().fromEnd().maxCount(1),
                    Raw::new);
            return fetched.page().events().stream().findFirst().map(KurrentCells::cell);
        } catch (Failed e) {
            if (e.meaning() == Meaning.MISSING) {
                return Optional.empty();
            }
            throw calls.known("reading a cell", e);
        }
    }

    private static Cell cell(RecordedEvent event) {
        return new Cell(event.getRevision() + 1, Payload.of(event.getEventData()));
    }

    @Override
    public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
        String stream = KurrentLayout.cellStream(name);
        EventData event = EventData.builderAsBinary(UUID.randomUUID(), TYPE, value.toByteArray())
                .build();
        StreamState expected =
                expectedRevision == 0 ? StreamState.noStream() : StreamState.streamRevision(expectedRevision - 1);
        try {
            long revision = calls.append(stream, expected, List.of(event))
                            .getNextExpectedRevision()
                            .toRawLong()
                    + 1;
            if (revision % RETENTION_EVERY == 1) {
                keepFew(stream);
            }
            return new SetOutcome.Done(revision);
        } catch (Failed e) {
            return failed(name, e);
        }
    }

    private SetOutcome failed(String name, Failed e) {
        if (e.reason() instanceof WrongExpectedVersionException wrong) {
            return new SetOutcome.Mismatch(wrong.getActualState().toRawLong() + 1);
        }
        if (e.meaning() == Meaning.UNKNOWN) {
            throw new CellOutcomeUnknown(
                    calls.address() + ": it is not known whether the cell " + name + " was set: "
                            + KurrentFailures.message(e.reason()) + ". Read it to find out",
                    e.reason());
        }
        throw calls.known("setting a cell", e);
    }

    private void keepFew(String stream) {
        try {
            EventData metadata = EventData.builderAsJson(UUID.randomUUID(), "$metadata", METADATA)
                    .build();
            calls.append("$$" + stream, StreamState.any(), List.of(metadata));
        } catch (Failed e) {
            LOG.warn("{}: the stream {} keeps all its events for now", calls.address(), stream, e.reason());
        }
    }
}
