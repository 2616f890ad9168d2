/** Small programs that show one thing each; the code in the README is one of them. */
@NullMarked
package dev.polylog.examples;

import org.jspecify.annotations.NullMarked;
