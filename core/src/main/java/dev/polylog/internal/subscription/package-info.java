/**
 * The subscription engine (chapter S), over any backend. Not exported; anything here may change.
 *
 * <p>{@link dev.polylog.internal.subscription.SubscriptionEngine} knows the running ones. Each is a
 * {@code SubscriptionRun}: a {@code SerialTask} gives it one turn at a time, a {@code CatchUpLoop} decides what a turn
 * does, a {@code Delivery} hands events over under the failure policy, {@code Checkpoints} and {@code ParkedEvents} keep
 * what must survive in cells, {@code LogLookup} compares checkpoints with the log, and a {@code StatusBoard} shows it all
 * to other threads. Nothing here waits for time on a thread: a turn ends by saying when the next one is wanted.
 */
@NullMarked
package dev.polylog.internal.subscription;

import org.jspecify.annotations.NullMarked;
