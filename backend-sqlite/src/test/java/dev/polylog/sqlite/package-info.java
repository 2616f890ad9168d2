/** Tests of what is SQLite's own; what every backend must do is judged by the compatibility kit. */
@NullMarked
package dev.polylog.sqlite;

import org.jspecify.annotations.NullMarked;
