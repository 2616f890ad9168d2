package dev.polylog.cli;

import dev.polylog.cli.shell.Shell;
import dev.polylog.cli.shell.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands in this process and keeps what they print. For one thread. */
public final class Cli {

    private final Map<String, String> env = new HashMap<>();
    private Terminal terminal = Terminal.none();
    private byte[] input = new byte[0];

    /** What a command did. */
    public record Result(int code, byte[] bytes, String err) {

        public String out() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        public List<String> lines() {
            return out().lines().toList();
        }
    }

    /** On a file that need not survive a loss of power, for speed. */
    public static Cli on(Path file) {
        return new Cli().env("POLYLOG_STORE", "sqlite:" + file + "?unsafeSynchronous=off");
    }

    public Cli env(String name, String value) {
        env.put(name, value);
        return this;
    }

    public Cli terminal(Terminal wanted) {
        terminal = wanted;
        return this;
    }

    public Cli input(String text) {
        return input(text.getBytes(StandardCharsets.UTF_8));
    }

    public Cli input(byte[] bytes) {
        input = bytes.clone();
        return this;
    }

    public Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell shell = Shell.of(new ByteArrayInputStream(input), out, err, env, terminal);
        int code = Main.run(shell, args);
        return new Result(code, out.toByteArray(), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs a command that must succeed. */
    public Result done(String... args) {
        Result result = run(args);
        if (result.code() != 0) {
            throw new AssertionError(new ArrayList<>(List.of(args)) + " ended with " + result.code() + ": "
                    + result.err() + result.out());
        }
        return result;
    }

    /** The content digest that verify prints. */
    public String digest() {
        String json = done("verify", "-o", "json").out();
        String name = "\"digest\":\"";
        int begin = json.indexOf(name) + name.length();
        return json.substring(begin, begin + 64);
    }
}
