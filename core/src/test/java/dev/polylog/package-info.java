/** Tests of the API's values and of a store as applications see it. */
@NullMarked
package dev.polylog;

import org.jspecify.annotations.NullMarked;
