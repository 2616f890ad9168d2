/** Tests of what authors harm their stores with: true stores pass, and each lie is found. */
@NullMarked
package dev.polylog.tck.faults;

import org.jspecify.annotations.NullMarked;
