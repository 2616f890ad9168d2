/**
 * Real servers for tests: what every kind of server can do, and the operating system processes behind it.
 *
 * <p>A test asks the package of a kind (such as {@code dev.polylog.servers.postgres}) for a server and gets, in this
 * order, one at an address from a system property, a container when {@code -Dpolylog.servers=docker}, or a server of
 * its own from ordinary Maven artifacts. All of them are {@link dev.polylog.servers.TestServer}s; those that this
 * machine runs for the test are {@link dev.polylog.servers.ControlledServer}s too and can be stopped, killed, paused and
 * restarted. A kind that runs as a process is built on {@link dev.polylog.servers.ServerProcess}, which owns the process
 * by its id, and on {@link dev.polylog.servers.ServerFolder}, which is removed together with the process when this JVM
 * ends, however it ends.
 */
@NullMarked
package dev.polylog.servers;

import org.jspecify.annotations.NullMarked;
