/** Tests of {@code dev.polylog.spi.support}. */
@NullMarked
package dev.polylog.spi.support;

import org.jspecify.annotations.NullMarked;
