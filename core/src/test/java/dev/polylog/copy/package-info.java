/** Tests of what tells whether two stores hold the same. */
@NullMarked
package dev.polylog.copy;

import org.jspecify.annotations.NullMarked;
