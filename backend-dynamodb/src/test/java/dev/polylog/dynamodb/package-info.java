/** Tests of the backend, on DynamoDB Local and on a simulator of what DynamoDB Local does not show. */
@NullMarked
package dev.polylog.dynamodb;

import org.jspecify.annotations.NullMarked;
