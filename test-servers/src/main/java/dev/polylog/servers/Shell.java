package dev.polylog.servers;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs short commands to their end. Thread-safe. */
final class Shell {

    /**
     * How a command ended.
     *
     * @param exit its exit code
     * @param output its standard output and error together
     */
    record Result(int exit, String output) {}

    private Shell() {}

    static Result run(List<String> command) {
        try {
            Process process = clean(new ProcessBuilder(command))
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output.strip());
        } catch (IOException e) {
            return new Result(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerFailure("interrupted while running " + command.get(0), e);
        }
    }

    static void signal(String name, List<Long> ids) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "kill -s \"$0\" \"$@\"", name));
        ids.forEach(id -> command.add(Long.toString(id)));
        run(command);
    }

    /** Settings of the user's shell, such as PGOPTIONS, must not reach a test's server. */
    static ProcessBuilder clean(ProcessBuilder builder) {
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.clear();
        environment.put("PATH", path);
        environment.put("TZ", "UTC");
        environment.put("LC_ALL", "C");
        return builder;
    }
}
