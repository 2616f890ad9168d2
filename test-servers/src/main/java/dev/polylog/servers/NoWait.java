package dev.polylog.servers;

import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/** Leaves waiting to the server's own test, which is the same for every way of running it. */
final class NoWait extends AbstractWaitStrategy {

    @Override
    protected void waitUntilReady() {
        // GuardedServer asks the server itself.
    }
}
