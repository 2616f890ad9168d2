/** Tests of the package of the same name. */
@NullMarked
package dev.polylog.cli.format;

import org.jspecify.annotations.NullMarked;
