/** Tests of the protocol server's data and rules. */
@NullMarked
package dev.polylog.servers.kurrentdb.log;

import org.jspecify.annotations.NullMarked;
