/**
 * DynamoDB Local for tests: {@link dev.polylog.servers.dynamodb.DynamoServers} starts it as a process of its own from
 * Maven artifacts, as a container where Docker runs, or takes an address that runs already.
 *
 * <p>DynamoDB Local shows neither conflicts between transactions nor throttling nor reads that see half of a transaction,
 * and it loses acknowledged writes when it is killed: what depends on these is tested on a simulator.
 */
@NullMarked
package dev.polylog.servers.dynamodb;

import org.jspecify.annotations.NullMarked;
