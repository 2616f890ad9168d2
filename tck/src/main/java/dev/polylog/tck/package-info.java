/**
 * The compatibility kit: judges a backend by the specification.
 *
 * <p>A backend's author writes one test class that implements {@link dev.polylog.tck.TckHarness} and lists the chapters
 * as empty nested classes:
 *
 * <pre>{@code
 * class MyTckTest implements TckHarness {
 *     public LogBackend open() { return ...; }
 *     public Unreachable unreachable() { return ...; }
 *     @Nested class Append extends AppendTck {}
 *     @Nested class ReadStream extends ReadStreamTck {}
 * }
 * }</pre>
 *
 * <p>Each test method's name begins with the id of the rule that it checks, and gets a
 * {@link dev.polylog.tck.TckContext}: handles on the log, names that nobody used, randomness with a seed. After every
 * test {@link dev.polylog.tck.LogAuditor} reads back everything that the test wrote and compares it with what the store
 * had answered. Nothing is ever skipped: where stores may differ, their traits say how, and both answers are asserted.
 */
@NullMarked
package dev.polylog.tck;

import org.jspecify.annotations.NullMarked;
