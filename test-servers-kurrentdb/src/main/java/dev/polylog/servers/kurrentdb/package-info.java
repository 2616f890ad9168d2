/**
 * KurrentDB for tests: a server in this process that speaks the protocol to the real client.
 *
 * <p>{@link dev.polylog.servers.kurrentdb.KurrentServers} is where tests begin. The server answers as KurrentDB does
 * as far as that is known; each behaviour says which rule it follows, and what is not known is answered with
 * UNIMPLEMENTED instead of a guess. It is a test server only: no store for users, and no contender in a comparison. The
 * data and the rules of appending are in {@code dev.polylog.servers.kurrentdb.log}; here are the gRPC services over
 * them, the node that hosts them, and what can be done to it.
 */
@NullMarked
package dev.polylog.servers.kurrentdb;

import org.jspecify.annotations.NullMarked;
