/**
 * For the tests in which an author harms the store or the way to it: {@link dev.polylog.tck.faults.SureAppend} appends and
 * finds out what became of it, {@link dev.polylog.tck.faults.HarmedAppends} compares what it was told with what is there,
 * {@link dev.polylog.tck.faults.FaultLoad} lets writers and a subscription work while the test does the harm and then
 * judges, and a {@link dev.polylog.tck.faults.ChildJvm} is there to be killed.
 *
 * <p>Nothing here knows how to harm: killing a server or cutting a connection is the test's own matter.
 */
@NullMarked
package dev.polylog.tck.faults;

import org.jspecify.annotations.NullMarked;
