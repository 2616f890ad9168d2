/** Tests of the subscription engine through the public API, most of them in simulated time. */
@NullMarked
package dev.polylog.subscription;

import org.jspecify.annotations.NullMarked;
