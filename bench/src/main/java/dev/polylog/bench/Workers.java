package dev.polylog.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes that begin their work at the same moment. Confined to one thread; closing it ends them. */
final class Workers implements AutoCloseable {

    /** The environment's variable with the store's URL. */
    static final String URL = "POLYLOG_STUDY_STORE";

    private static final long PATIENCE_SECONDS = 60;

    private final String url;
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final List<Path> answers = new ArrayList<>();

    Workers(String url) throws IOException {
        this.url = url;
        this.folder = Files.createTempDirectory("polylog-study");
    }

    static Path ready(Path answer) {
        return answer.resolveSibling(answer.getFileName() + ".ready");
    }

    /** Starts a process and waits until it is ready: many that start at once would starve each other. */
    void start(String... arguments) throws IOException, InterruptedException {
        Path answer = folder.resolve("worker-" + processes.size());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                StudyWorker.class.getName(),
                answer.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output(answer));
        builder.environment().put(URL, url);
        processes.add(builder.start());
        answers.add(answer);
        awaitReady(processes.size() - 1);
    }

    private void awaitReady(int worker) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(ready(answers.get(worker)))) {
            if (!processes.get(worker).isAlive() || System.nanoTime() > end) {
                throw failed(worker);
            }
            Thread.sleep(10);
        }
    }

    private static File output(Path answer) {
        return answer.resolveSibling(answer.getFileName() + ".out").toFile();
    }

    /** Has all begin. */
    void begin() throws IOException {
        for (Process process : processes) {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        }
    }

    /** Waits until all have ended. */
    List<String> answers(long nanos) throws IOException, InterruptedException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < processes.size(); i++) {
            boolean ended = processes.get(i).waitFor(nanos / 1_000_000_000L + PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended || processes.get(i).exitValue() != 0) {
                throw failed(i);
            }
            texts.add(Files.readString(answers.get(i)));
        }
        return texts;
    }

    private IllegalStateException failed(int worker) throws IOException {
        String said = Files.readString(output(answers.get(worker)).toPath());
        return new IllegalStateException("a process of the study failed: " + said.strip());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
