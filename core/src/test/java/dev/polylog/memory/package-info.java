/** Tests of {@code dev.polylog.memory}. */
@NullMarked
package dev.polylog.memory;

import org.jspecify.annotations.NullMarked;
