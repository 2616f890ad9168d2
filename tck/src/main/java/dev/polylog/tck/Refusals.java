package dev.polylog.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.polylog.Append;
import dev.polylog.AppendResult;
import dev.polylog.DuplicateEvent;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.InvalidAppend;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.UnsupportedByStore;
import dev.polylog.VersionConflict;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts that an append is refused in a certain way and leaves nothing behind. Stateless and thread-safe. */
final class Refusals {

    private Refusals() {}

    /** The append conflicts: the exception tells all and the stream keeps its version. */
    static void conflict(EventStore store, Append append, StreamId stream, ExpectedVersion expected, long actual) {
        VersionConflict conflict = refused(store, VersionConflict.class, () -> store.append(append));
        assertThat(conflict.stream()).isEqualTo(stream);
        assertThat(conflict.expected()).isEqualTo(expected);
        assertThat(conflict.actual()).as("the actual version").isEqualTo(actual);
        assertThat(conflict).hasMessageContaining(stream.name()).hasMessageContaining(String.valueOf(actual));
        assertThat(store.version(stream)).as("the version after a conflict").isEqualTo(actual);
    }

    /** The append holds an event that is there already. */
    static DuplicateEvent duplicate(EventStore store, Append append) {
        return refused(store, DuplicateEvent.class, () -> store.append(append));
    }

    /** The append asks for a power that the store does not declare. */
    static void unsupported(EventStore store, Append append, String trait) {
        assertThat(refused(store, UnsupportedByStore.class, () -> store.append(append)))
                .hasMessageContaining(trait);
    }

    /** The append is invalid. */
    static InvalidAppend invalid(EventStore store, Append append) {
        return refused(store, InvalidAppend.class, () -> store.append(append));
    }

    /** The call fails so, and the log has not grown. */
    static <T extends Throwable> T refused(EventStore store, Class<T> how, ThrowingCallable call) {
        Position before = store.watermark().head();
        Throwable thrown = catchThrowable(call);
        assertThat(thrown).as("how the call is refused").isInstanceOf(how);
        assertThat(store.watermark().head()).as("the head after a refusal").isEqualTo(before);
        return how.cast(thrown);
    }

    /** The append was written now, and its one stream begins there. */
    static void written(AppendResult result, StreamId stream, long first, long last) {
        assertThat(result.streams()).containsExactly(new AppendResult.Written(stream, first, last));
        assertThat(result.repeated()).as("whether it is a repeat").isFalse();
    }

    /** The append was recognised as a repeat of another. */
    static void repeats(AppendResult result, AppendResult first) {
        assertThat(result)
                .as("the repeated append")
                .isEqualTo(new AppendResult(first.streams(), first.position(), true));
    }
}
