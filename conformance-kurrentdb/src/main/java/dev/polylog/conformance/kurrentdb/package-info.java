/**
 * One jar that judges a KurrentDB server, real or not: by the conformance tests of the protocol server, and by the
 * compatibility kit through the KurrentDB backend. It needs no Maven and no network but the server.
 *
 * <p>{@link dev.polylog.conformance.kurrentdb.Main} is the command, {@link
 * dev.polylog.conformance.kurrentdb.ConformanceRun} the tests, {@link dev.polylog.conformance.kurrentdb.KitRun} the kit.
 */
@NullMarked
package dev.polylog.conformance.kurrentdb;

import org.jspecify.annotations.NullMarked;
