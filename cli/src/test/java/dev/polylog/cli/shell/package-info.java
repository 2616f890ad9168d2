/** Tests of the package of the same name. */
@NullMarked
package dev.polylog.cli.shell;

import org.jspecify.annotations.NullMarked;
