/** Tests of the servers. */
@NullMarked
package dev.polylog.testservers.dynamodb;

import org.jspecify.annotations.NullMarked;
