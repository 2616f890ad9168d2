package dev.polylog.subscription;

import dev.polylog.Position;
import java.util.List;
import java.util.Optional;

/**
 * Looks after the durable subscriptions of a store, whether they run or not, here or in another process.
 *
 * <p>Thread-safe. Failures are those of {@link dev.polylog.spi.CellStore}.
 */
public interface Subscriptions {

    /**
     * The names of all durable subscriptions that ever saved a checkpoint or parked an event here.
     *
     * @return the names, sorted
     */
    List<String> names();

    /**
     * How far one got.
     *
     * @param name the durable name
     * @return its last saved checkpoint, or empty where there is none
     */
    Optional<Checkpoint> checkpoint(String name);

    /**
     * The events that one has parked.
     *
     * @param name the durable name
     * @return the events, in the order of the log
     */
    List<ParkedEvent> parked(String name);

    /**
     * Asks for parked events to be handled again: by the running subscription, else by the next one with the name. One
     * that runs, in whatever process, begins within its poll interval, once the event that it handles or retries is done.
     *
     * <p>They go to the same handler under the same failure policy; each is taken off the list when it was handled. One
     * that fails again stays parked with its new error, and the requests for later events of its stream are taken back.
     * Earlier parked events of the same streams are asked for as well, so that the order within a stream is kept.
     *
     * @param name the durable name
     * @param positions which events; none for all
     * @return how many events are asked for now
     */
    int replay(String name, Position... positions);

    /**
     * Gives parked events up: they will never be handled under this name. Later events of the stream that are parked
     * stay so until they are replayed or dropped; new ones are handled again once none of the stream is parked, which a
     * running subscription sees within its poll interval.
     *
     * @param name the durable name
     * @param positions which events; none for all
     * @return how many were dropped
     */
    int drop(String name, Position... positions);

    /**
     * Sets the checkpoint anew, on the log as it is now: to handle events again, to leave some out, or to go on in a
     * store that was restored, after {@link dev.polylog.LogDiverged}. One that runs under the name, in whatever process,
     * stops with {@link SubscriptionTakenOver} at its next look and begins there when it is started again. Parked events
     * stay parked.
     *
     * @param name the durable name
     * @param from where the next one of that name begins
     * @return the new checkpoint
     * @throws IllegalArgumentException if the position lies behind the head of the log
     */
    Checkpoint reset(String name, StartFrom from);
}
