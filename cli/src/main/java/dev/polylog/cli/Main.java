package dev.polylog.cli;

import dev.polylog.cli.command.AppendCommand;
import dev.polylog.cli.command.BenchCommand;
import dev.polylog.cli.command.CompletionCommand;
import dev.polylog.cli.command.DemoCommand;
import dev.polylog.cli.command.ExportCommand;
import dev.polylog.cli.command.ImportCommand;
import dev.polylog.cli.command.MirrorCommand;
import dev.polylog.cli.command.PolylogCommand;
import dev.polylog.cli.command.ReadCommand;
import dev.polylog.cli.command.RepairCommand;
import dev.polylog.cli.command.SchemaCommand;
import dev.polylog.cli.command.StudyCommand;
import dev.polylog.cli.command.SubscriptionsCommand;
import dev.polylog.cli.command.TailCommand;
import dev.polylog.cli.command.TckCommand;
import dev.polylog.cli.command.TraitsCommand;
import dev.polylog.cli.command.VerifyCommand;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Failures;
import dev.polylog.cli.shell.Interruption;
import dev.polylog.cli.shell.OutputClosed;
import dev.polylog.cli.shell.Shell;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/** Runs the {@code polylog} command. Stateless and thread-safe. */
public final class Main {

    private static final int SECONDS_TO_END = 10;

    private Main() {}

    /**
     * Runs the command and ends the process with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        Shell shell = Shell.ofProcess();
        CountDownLatch ended = endOnSignal(shell.interruption());
        int code = run(shell, args);
        ended.countDown();
        System.exit(code);
    }

    /** On Ctrl-C asks the command to end and gives it the time to; the exit code is then the system's, 130. */
    private static CountDownLatch endOnSignal(Interruption interruption) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    interruption.request();
                    try {
                        ended.await(SECONDS_TO_END, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "polylog-end");
        Runtime.getRuntime().addShutdownHook(hook);
        return ended;
    }

    /**
     * Runs the command in this process.
     *
     * @param shell what it talks to
     * @param args the command line
     * @return one of {@link ExitCode}
     */
    public static int run(Shell shell, String... args) {
        PolylogCommand polylog = new PolylogCommand(shell);
        StringWriter help = new StringWriter();
        CommandLine line = commandLine(polylog, shell).setOut(new PrintWriter(help));
        try {
            requireReadable(line, args);
            int code = line.execute(args);
            shell.out().print(help.toString());
            shell.out().flush();
            return code;
        } catch (OutputClosed e) {
            return ExitCode.DONE;
        } catch (RuntimeException e) {
            return failed(polylog, shell, e);
        }
    }

    private static CommandLine commandLine(PolylogCommand polylog, Shell shell) {
        Ansi ansi = shell.terminal().color() ? Ansi.ON : Ansi.OFF;
        CommandLine line = new CommandLine(polylog)
                .addSubcommand(new DemoCommand(polylog))
                .addSubcommand(new AppendCommand(polylog))
                .addSubcommand(new ReadCommand(polylog))
                .addSubcommand(new TailCommand(polylog))
                .addSubcommand(new ImportCommand(polylog))
                .addSubcommand(new ExportCommand(polylog))
                .addSubcommand(new MirrorCommand(polylog))
                .addSubcommand(new VerifyCommand(polylog))
                .addSubcommand(new SubscriptionsCommand(polylog))
                .addSubcommand(new TraitsCommand(polylog))
                .addSubcommand(new SchemaCommand(polylog))
                .addSubcommand(new RepairCommand(polylog))
                .addSubcommand(new TckCommand(polylog))
                .addSubcommand(new BenchCommand(polylog))
                .addSubcommand(new StudyCommand(polylog))
                .addSubcommand(new CompletionCommand(polylog))
                .addSubcommand(new CommandLine.HelpCommand());
        line.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(ExitCode.descriptions());
        return line.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
                .setUsageHelpWidth(Math.max(80, Math.min(shell.terminal().columns(), 120)))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false) // --data @FILE is ours
                .setParameterExceptionHandler((e, args) -> usage(e, shell))
                .setExecutionExceptionHandler((e, command, result) -> failed(polylog, shell, e));
    }

    /** Before Java 18 a process that was started without a UTF-8 locale has lost other letters by now. */
    private static void requireReadable(CommandLine line, String[] args) {
        if (Arrays.stream(args).anyMatch(arg -> arg.indexOf('\uFFFD') >= 0)) {
            throw new ParameterException(
                    line,
                    "the command line contains characters that could not be read; set LC_ALL=C.UTF-8, or give data by"
                            + " --data @FILE");
        }
    }

    private static int usage(ParameterException e, Shell shell) {
        shell.say(String.valueOf(e.getMessage()));
        CommandLine command = e.getCommandLine();
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
            shell.err().println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return ExitCode.USAGE;
    }

    private static int failed(PolylogCommand polylog, Shell shell, Throwable failure) {
        if (failure instanceof ParameterException wrong) {
            return usage(wrong, shell);
        }
        if (!(failure instanceof OutputClosed)) {
            shell.out().flush();
        }
        String message = Failures.message(failure);
        if (!message.isEmpty()) {
            shell.say(message);
        }
        if (polylog.debug()) {
            failure.printStackTrace(shell.err());
        }
        return Failures.exitCode(failure);
    }
}
