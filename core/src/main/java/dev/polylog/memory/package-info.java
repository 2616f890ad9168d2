/**
 * The strict reference: a store in memory that refuses whatever any backend may refuse, fails when it is told to, and
 * runs in simulated time. For tests of applications, and the judge of the other backends in randomized comparisons.
 */
@NullMarked
package dev.polylog.memory;

import org.jspecify.annotations.NullMarked;
