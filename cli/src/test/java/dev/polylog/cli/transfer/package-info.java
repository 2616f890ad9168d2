/** Tests of the package of the same name. */
@NullMarked
package dev.polylog.cli.transfer;

import org.jspecify.annotations.NullMarked;
