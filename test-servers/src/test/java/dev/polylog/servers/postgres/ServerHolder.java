package dev.polylog.servers.postgres;

import java.util.stream.Collectors;

/** A program that starts a server, tells its processes and its folder, and then waits to be ended. */
public final class ServerHolder {

    private ServerHolder() {}

    public static void main(String[] arguments) throws Exception {
        PostgresProcess server = (PostgresProcess) PostgresServers.own();
        String ids = server.ids().stream().map(String::valueOf).collect(Collectors.joining(" "));
        if (arguments[0].equals("paused")) {
            server.pause();
        }
        System.out.println(ids);
        System.out.println(server.data().getParent());
        System.in.read();
    }
}
