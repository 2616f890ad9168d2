/**
 * What is believed of KurrentDB, as tests: they judge the protocol server in every build, and a real server where one is
 * named. Where the two differ, the protocol server is wrong.
 *
 * <p>A test class implements {@link dev.polylog.servers.kurrentdb.conformance.ConformanceHarness} and holds one empty
 * nested class a chapter; every test gets a {@link dev.polylog.servers.kurrentdb.conformance.Probe} to work with.
 */
@NullMarked
package dev.polylog.servers.kurrentdb.conformance;

import org.jspecify.annotations.NullMarked;
