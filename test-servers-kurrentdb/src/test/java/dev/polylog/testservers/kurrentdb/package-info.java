/** Tests of the protocol server. */
@NullMarked
package dev.polylog.testservers.kurrentdb;

import org.jspecify.annotations.NullMarked;
