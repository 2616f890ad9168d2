/** Tests of the KurrentDB backend. */
@NullMarked
package dev.polylog.eventstoredb;

import org.jspecify.annotations.NullMarked;
