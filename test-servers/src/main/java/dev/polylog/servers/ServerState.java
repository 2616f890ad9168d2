package dev.polylog.servers;

/** What a {@link ControlledServer} was last told to be. */
public enum ServerState {
    /** Started, and ready when the last call returned. */
    RUNNING,
    /** Holding its connections and answering nobody. */
    PAUSED,
    /** Without a process: stopped or killed; its data is kept. */
    STOPPED,
    /** Given up, its data removed. */
    CLOSED
}
