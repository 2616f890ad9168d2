package dev.polylog.conformance.kurrentdb;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;

/** Runs the command. Stateless and thread-safe. */
public final class Main {

    private Main() {}

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param args the command line
     */
    @SuppressWarnings("SystemOut") // the process's own streams, where a command talks
    public static void main(String[] args) {
        System.exit(run(System.out, System.err, args));
    }

    /**
     * Runs the command in this process.
     *
     * @param out for results
     * @param err for what went wrong
     * @param args the command line
     * @return 0, or one of the codes that the help names
     */
    static int run(PrintStream out, PrintStream err, String... args) {
        CommandLine line = new CommandLine(new JudgeCommand(out, err))
                .addSubcommand(new ServeCommand(out))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setUsageHelpWidth(110).setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof Judged.Unusable unusable) {
                err.println(unusable.getMessage());
                return JudgeCommand.UNREACHABLE;
            }
            throw failure;
        });
        return line.execute(args);
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {

        /** Made by picocli. */
        Version() {}

        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"polylog-kurrentdb-conformance " + (version == null ? "(not packaged)" : version)};
        }
    }
}
