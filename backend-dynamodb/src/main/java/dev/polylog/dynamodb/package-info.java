/**
 * The log in a table of Amazon DynamoDB, in one strict order, for any number of processes.
 *
 * <p>Applications open it by URL or make a {@link dev.polylog.dynamodb.DynamoBackend}. Its rooms: the configuration, the
 * layout (keys and attributes) with the items in it, the table (made or checked at open), the calls (the one loop that
 * repeats them), the head (the tail item), the streams (their ends), the appender with its rounds, groups and attempts, the
 * two readers, the cells, the signal, the repair, and one place that says what a failure of the SDK means.
 */
@NullMarked
package dev.polylog.dynamodb;

import org.jspecify.annotations.NullMarked;
