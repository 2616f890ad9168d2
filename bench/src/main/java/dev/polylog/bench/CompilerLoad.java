package dev.polylog.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How much of the time the JVM's compiler works, from one question to the next. Confined to one thread.
 */
final class CompilerLoad {

    private static final double BUSY = 0.1;

    private final @Nullable CompilationMXBean compiler;
    private long lastMillis;
    private long lastNanos;

    CompilerLoad() {
        CompilationMXBean bean = ManagementFactory.getCompilationMXBean();
        this.compiler = bean != null && bean.isCompilationTimeMonitoringSupported() ? bean : null;
        this.lastMillis = compilingMillis();
        this.lastNanos = System.nanoTime();
    }

    private long compilingMillis() {
        return compiler == null ? 0 : compiler.getTotalCompilationTime();
    }

    /** Whether the compiler took more than a tenth of one processor since it was last asked. */
    boolean isBusy() {
        long millis = compilingMillis();
        long nanos = System.nanoTime();
        double share = (double) TimeUnit.MILLISECONDS.toNanos(millis - lastMillis) / Math.max(1, nanos - lastNanos);
        lastMillis = millis;
        lastNanos = nanos;
        return share > BUSY;
    }
}
