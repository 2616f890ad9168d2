/** Tests of the servers. */
@NullMarked
package dev.polylog.servers.dynamodb;

import org.jspecify.annotations.NullMarked;
