package dev.polylog.cli.transfer;

import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Progress;
import dev.polylog.cli.shell.Shell;

/** Reports lines that are no events, and ends the import at the first where that is wanted. For one thread. */
final class BrokenLines {

    private final Shell shell;
    private final Progress progress;
    private final OnBrokenLine policy;
    private long count;

    BrokenLines(Shell shell, Progress progress, OnBrokenLine policy) {
        this.shell = shell;
        this.progress = progress;
        this.policy = policy;
    }

    void report(long line, String problem) {
        progress.clear();
        if (policy == OnBrokenLine.STOP) {
            throw new CommandFailed(
                    ExitCode.FAILURE,
                    "line " + line + ": " + problem + ". Everything before it is stored. Correct the line and run the"
                            + " same command again, or leave such lines out with --skip-bad");
        }
        shell.say("line " + line + " left out: " + problem);
        count++;
    }

    long count() {
        return count;
    }
}
