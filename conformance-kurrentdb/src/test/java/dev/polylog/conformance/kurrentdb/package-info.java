/** The jar's command, run in this process against protocol servers. */
@NullMarked
package dev.polylog.conformance.kurrentdb;

import org.jspecify.annotations.NullMarked;
