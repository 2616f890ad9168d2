package dev.polylog.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;

/**
 * Where and when a comparison ran.
 *
 * <p>Immutable and thread-safe.
 *
 * @param when the moment at which it began, in ISO form
 * @param processors how many processors the JVM may use
 * @param memoryBytes the machine's memory; 0 where it cannot be told
 * @param heapBytes the most heap that the JVM uses
 * @param os name, version and architecture of the operating system
 * @param jvm name and version of the JVM
 * @param jvmArguments how it was started
 * @param polylog the version of this library; {@code unknown} outside of a jar
 */
public record Environment(
        String when,
        int processors,
        long memoryBytes,
        long heapBytes,
        String os,
        String jvm,
        List<String> jvmArguments,
        String polylog) {

    static Environment here(Clock clock) {
        Runtime runtime = Runtime.getRuntime();
        String version = Environment.class.getPackage().getImplementationVersion();
        return new Environment(
                clock.instant().toString(),
                runtime.availableProcessors(),
                memory(),
                runtime.maxMemory(),
                property("os.name") + " " + property("os.version") + " " + property("os.arch"),
                property("java.vm.name") + " " + property("java.vm.version"),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                version == null ? "unknown" : version);
    }

    private static String property(String name) {
        return System.getProperty(name, "?");
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
                ? os.getTotalMemorySize()
                : 0;
    }
}
