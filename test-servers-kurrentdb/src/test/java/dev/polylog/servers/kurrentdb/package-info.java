/** Tests of the protocol server. */
@NullMarked
package dev.polylog.servers.kurrentdb;

import org.jspecify.annotations.NullMarked;
