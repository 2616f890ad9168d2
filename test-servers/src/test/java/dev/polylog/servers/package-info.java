/** Processes end with the JVM, whichever way it ends. */
@NullMarked
package dev.polylog.servers;

import org.jspecify.annotations.NullMarked;
