/** Tests of the PostgreSQL backend, on a real server that the tests start. */
@NullMarked
package dev.polylog.postgres;

import org.jspecify.annotations.NullMarked;
