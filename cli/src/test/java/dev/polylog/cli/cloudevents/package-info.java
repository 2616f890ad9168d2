/** Tests of the package of the same name. */
@NullMarked
package dev.polylog.cli.cloudevents;

import org.jspecify.annotations.NullMarked;
