package dev.polylog.servers.dynamodb;

import dev.polylog.servers.ControlledServer;

/**
 * DynamoDB Local that runs on this machine for one test, which may stop, kill and pause it; its data is in memory and goes
 * with every stop.
 *
 * <p>{@link DynamoServers#own()} hands them out. Thread-safe.
 */
public interface OwnDynamoServer extends DynamoServer, ControlledServer {}
