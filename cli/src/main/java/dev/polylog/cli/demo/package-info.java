/**
 * The story that {@code polylog demo} tells: one order from its first event on, with everything that an event store is
 * for. {@link dev.polylog.cli.demo.OrderStory} tells it against any store; the classes beside it are what an application
 * would write itself, a decision ({@code Order}) and a read model ({@code OrderList}).
 */
@NullMarked
package dev.polylog.cli.demo;

import org.jspecify.annotations.NullMarked;
