/**
 * What nobody else needs: how core does what {@link dev.polylog} promises. Not exported; anything here may change.
 */
@NullMarked
package dev.polylog.internal;

import org.jspecify.annotations.NullMarked;
