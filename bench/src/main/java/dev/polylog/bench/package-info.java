/**
 * The technology comparison: the same workloads on every store, side by side with a raw baseline (the store through its
 * plain driver) in the same run, round by round in turn. {@link dev.polylog.bench.Bench} is where to begin; it returns a
 * {@link dev.polylog.bench.BenchReport}, which is written as JSON and as a table.
 *
 * <p>Every run is judged by the history checker: a run that broke a rule gives no number, but says what it broke. Rates
 * are medians over rounds with their spread. Where a rate is offered, latencies count from the moment at which a request
 * was due, not from the moment at which somebody had time for it.
 */
@NullMarked
package dev.polylog.bench;

import org.jspecify.annotations.NullMarked;
