/** Tests that the documents say what runs. */
@NullMarked
package dev.polylog.examples;

import org.jspecify.annotations.NullMarked;
