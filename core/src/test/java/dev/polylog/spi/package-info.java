/** Tests of {@code dev.polylog.spi}. */
@NullMarked
package dev.polylog.spi;

import org.jspecify.annotations.NullMarked;
