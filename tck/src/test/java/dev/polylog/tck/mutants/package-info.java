/** Stores that are wrong on purpose, each in one way, and the test that the kit finds each of them out. */
@NullMarked
package dev.polylog.tck.mutants;

import org.jspecify.annotations.NullMarked;
