/** The fault proxy does what its plan says, to the byte, and nothing else. */
@NullMarked
package dev.polylog.servers.proxy;

import org.jspecify.annotations.NullMarked;
