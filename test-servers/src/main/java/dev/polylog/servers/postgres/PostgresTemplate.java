package dev.polylog.servers.postgres;

import dev.polylog.servers.Folders;
import dev.polylog.servers.LowUser;
import dev.polylog.servers.ServerFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A data folder just initialised, made once for all builds of a user and copied for each server.
 *
 * <p>Its databases sort by language rules (ICU, from version 15 on), as most real ones do, so that a column that relies
 * on the order of bytes must say so itself. Immutable and thread-safe; several JVMs may make it at once.
 *
 * @param data the folder to copy
 * @param password of the role {@value #USER}
 */
record PostgresTemplate(Path data, String password) {

    /** The superuser's name. */
    static final String USER = "polylog";

    private static final int FIRST_WITH_ICU = 15;

    static PostgresTemplate ready(PostgresBinaries binaries, LowUser user) {
        String owner = user.name().isEmpty() ? "" : "-" + user.name();
        Path folder = binaries.folder().resolveSibling(binaries.folder().getFileName() + "-template" + owner);
        try {
            Folders.once(folder, fresh -> initialise(fresh, binaries, user));
            return new PostgresTemplate(folder.resolve("data"), Files.readString(folder.resolve("password")));
        } catch (IOException e) {
            throw new ServerFailure("cannot initialise PostgreSQL below " + folder.getParent(), e);
        }
    }

    private static void initialise(Path folder, PostgresBinaries binaries, LowUser user) throws IOException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        Path password = folder.resolve("password");
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, HexFormat.of().formatHex(random));
        user.own(password);
        Path data = Files.createDirectory(
                folder.resolve("data"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        user.own(data);
        var unused = user.run(command(binaries, data, password));
    }

    private static List<String> command(PostgresBinaries binaries, Path data, Path password) {
        List<String> command = new ArrayList<>(List.of(
                binaries.program("initdb").toString(),
                "--pgdata=" + data,
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--no-sync"));
        command.addAll(locale(binaries.major()));
        return command;
    }

    static List<String> locale(int major) {
        return major < FIRST_WITH_ICU
                ? List.of("--encoding=UTF8", "--locale=C")
                : List.of("--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-US");
    }
}
