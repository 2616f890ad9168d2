/**
 * Breaks the network between a test and its server, to the byte and at will.
 *
 * <p>A {@link dev.polylog.servers.proxy.FaultProxy} listens on a port of its own and passes every connection on to a
 * server of any kind. What it does to the bytes is said by a {@link dev.polylog.servers.proxy.FaultPlan}, one
 * {@link dev.polylog.servers.proxy.Faults} for each direction, which may be changed while connections are open.
 */
@NullMarked
package dev.polylog.servers.proxy;

import org.jspecify.annotations.NullMarked;
