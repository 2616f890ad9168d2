/** Processes end with the JVM, whichever way it ends, and servers that do not start leave nothing. */
@NullMarked
package dev.polylog.servers;

import org.jspecify.annotations.NullMarked;
