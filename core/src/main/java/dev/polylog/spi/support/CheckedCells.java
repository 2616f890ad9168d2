package dev.polylog.spi.support;

import static dev.polylog.spi.support.BackendContractViolation.require;

import dev.polylog.Payload;
import dev.polylog.spi.CellStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The cells of a {@link CheckedBackend}. Thread-safe. */
final class CheckedCells implements CellStore {

    private static final int MOST_NAMES = 10_000;
    private static final int MOST_CHARACTERS = 255;

    private final CellStore backend;
    private final Calls.Caller caller;
    private final Map<String, Long> revisions = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_NAMES;
        }
    };

    CheckedCells(CellStore backend, Calls.Caller caller) {
        this.backend = backend;
        this.caller = caller;
    }

    CellStore backend() {
        return backend;
    }

    @Override
    public Optional<Cell> get(String name) {
        requireName(name);
        long known = known(name);
        return caller.call("get", () -> {
            Optional<Cell> cell = backend.get(name);
            long revision = cell.map(Cell::revision).orElse(0L);
            require(cell.isEmpty() || revision >= 1, "K-01", "cell %s has revision %d", name, revision);
            require(revision >= known, "K-02", "cell %s has revision %d, but had %d", name, revision, known);
            remember(name, revision);
            return cell;
        });
    }

    @Override
    public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
        requireName(name);
        if (expectedRevision < 0 || value.size() > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException("cell " + name + ": expected revision " + expectedRevision + ", "
                    + value.size() + " bytes; expected 0 or more, and at most " + MAX_VALUE_BYTES);
        }
        long known = known(name);
        return caller.call("compareAndSet", () -> {
            SetOutcome outcome = backend.compareAndSet(name, expectedRevision, value);
            long revision = revision(name, expectedRevision, outcome);
            require(revision >= known, "K-02", "cell %s has revision %d, but had %d", name, revision, known);
            remember(name, revision);
            return outcome;
        });
    }

    private static long revision(String name, long expected, SetOutcome outcome) {
        if (outcome instanceof SetOutcome.Done done) {
            require(
                    done.revision() > expected,
                    "K-01",
                    "cell %s went from revision %d to %d",
                    name,
                    expected,
                    done.revision());
            return done.revision();
        }
        long actual = ((SetOutcome.Mismatch) outcome).actualRevision();
        require(
                actual != expected && actual >= 0,
                "K-01",
                "cell %s was refused, but has the revision %d",
                name,
                actual);
        return actual;
    }

    private static void requireName(String name) {
        boolean valid = !name.isBlank()
                && name.length() <= MOST_CHARACTERS
                && name.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        if (!valid) {
            throw new IllegalArgumentException("no cell may have a name of " + name.length()
                    + " characters that is blank, longer than " + MOST_CHARACTERS
                    + " characters, or contains a control character or an unpaired surrogate");
        }
    }

    private synchronized long known(String name) {
        return revisions.getOrDefault(name, 0L);
    }

    private synchronized void remember(String name, long revision) {
        revisions.merge(name, revision, Math::max);
    }
}
