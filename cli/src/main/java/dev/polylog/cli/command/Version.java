package dev.polylog.cli.command;

import picocli.CommandLine.IVersionProvider;

/** Says which version runs. Thread-safe. */
public final class Version implements IVersionProvider {

    /** For picocli. */
    public Version() {}

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {
            "polylog " + (version == null ? "(not from a jar)" : version),
            "Java " + Runtime.version().feature() + " (" + System.getProperty("java.vm.name") + "), "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        };
    }
}
