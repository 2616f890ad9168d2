package dev.polylog.tck.history;

import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.StreamRead;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a client asked a store to do.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Action {

    /**
     * An append, without the content of its events.
     *
     * @param expectations what the version of each stream had to be
     * @param writes the ids of the events by stream, in their order
     */
    record Append(Map<StreamId, ExpectedVersion> expectations, List<Write> writes) implements Action {

        /**
         * The append that a command asks for.
         *
         * @param command the command
         * @return the action
         */
        public static Append of(AppendCommand command) {
            // One is the usual number, and a history keeps very many of these.
            List<AppendCommand.StreamWrite> writes = command.writes();
            return new Append(
                    command.expectations(),
                    writes.size() == 1
                            ? List.of(write(writes.get(0)))
                            : writes.stream().map(Append::write).toList());
        }

        private static Write write(AppendCommand.StreamWrite write) {
            List<EventData> events = write.events();
            return new Write(
                    write.stream(),
                    events.size() == 1
                            ? List.of(events.get(0).id())
                            : events.stream().map(EventData::id).toList());
        }

        /**
         * How many events it writes.
         *
         * @return the number over all streams
         */
        public int size() {
            int size = 0;
            for (Write write : writes) {
                size += write.ids().size();
            }
            return size;
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("append ");
            writes.forEach(write -> text.append(write.stream()).append(write.ids()));
            return text.append(" expecting ").append(expectations).toString();
        }
    }

    /**
     * The events that go to one stream.
     *
     * @param stream the stream
     * @param ids the ids of the events, in order; never empty
     */
    record Write(StreamId stream, List<UUID> ids) {}

    /**
     * The question what became of an append whose outcome was unknown.
     *
     * @param attempt the append, the same object that was recorded as its action
     */
    record Resolve(Append attempt) implements Action {

        @Override
        public String toString() {
            return "resolve " + attempt;
        }
    }

    /**
     * A read of one page of a stream.
     *
     * @param stream the stream
     * @param direction which way
     * @param from the version to begin with
     * @param maxEvents the most events to return
     */
    record ReadStream(StreamId stream, Direction direction, long from, int maxEvents) implements Action {

        /**
         * The action that a request asks for.
         *
         * @param read the request
         * @return the action
         */
        public static ReadStream of(StreamRead read) {
            return new ReadStream(read.stream(), read.direction(), read.from(), read.maxEvents());
        }

        @Override
        public String toString() {
            return "read " + stream + " " + direction + " from " + from + " at most " + maxEvents;
        }
    }

    /**
     * A read of one page of everything.
     *
     * @param request what was asked for
     */
    record ReadAll(LogRead request) implements Action {

        @Override
        public String toString() {
            return "read all " + request.direction() + " from " + request.bound() + " at most " + request.maxEvents()
                    + " of " + request.filter();
        }
    }

    /**
     * A read of a cell.
     *
     * @param name the cell's name
     */
    record ReadCell(String name) implements Action {

        @Override
        public String toString() {
            return "read cell " + name;
        }
    }

    /**
     * A compare-and-set of a cell.
     *
     * @param name the cell's name
     * @param expectedRevision the revision that it had to have
     * @param value the new value
     */
    record SetCell(String name, long expectedRevision, Payload value) implements Action {

        @Override
        public String toString() {
            return "set cell " + name + " expecting " + expectedRevision;
        }
    }
}
