/**
 * Subscriptions: every matching event, once and in order, first those that are there, then each new one (chapter S).
 *
 * <p>They are written once, over every backend: a subscription pages through the log, and at its end waits for a signal
 * or the next poll. State flows one way: {@link dev.polylog.subscription.SubscriptionOptions} say what is wanted,
 * {@link dev.polylog.EventStore#subscribe} gives a running {@link dev.polylog.subscription.Subscription}, its
 * {@link dev.polylog.subscription.SubscriptionStatus} tells how it is, and a named one leaves a
 * {@link dev.polylog.subscription.Checkpoint} in the store's cells from which the next run goes on.
 */
@NullMarked
package dev.polylog.subscription;

import org.jspecify.annotations.NullMarked;
