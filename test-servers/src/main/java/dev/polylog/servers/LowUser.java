package dev.polylog.servers;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The user that server processes run as: the one who runs the build, but never root.
 *
 * <p>A build that runs as root hands its servers to the user {@code nobody}, or to the one that
 * {@code -Dpolylog.servers.user} names, through the first of {@code setpriv} and {@code chroot} that works; both replace
 * themselves by the server, which so stays a direct child. Immutable and thread-safe.
 */
public final class LowUser {

    private final List<String> prefix;
    private final String name;

    private LowUser(String name, List<String> prefix) {
        this.name = name;
        this.prefix = prefix;
    }

    /**
     * The user for this JVM's servers.
     *
     * @return the user who runs this JVM, or the low one when that is root
     * @throws ServerFailure if this JVM runs as root and no way to become the low user works
     */
    public static LowUser current() {
        return "0".equals(Shell.run(List.of("id", "-u")).output())
                ? instead(System.getProperty("polylog.servers.user", "nobody"))
                : new LowUser("", List.of());
    }

    private static LowUser instead(String name) {
        String user = number("-u", name);
        String group = number("-g", name);
        List<List<String>> ways = List.of(
                List.of("setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--"),
                List.of("chroot", "--userspec=" + user + ":" + group, "--groups=", "/"));
        for (List<String> way : ways) {
            Shell.Result seen = Shell.run(with(way, List.of("id", "-u")));
            if (seen.exit() == 0 && seen.output().equals(user)) {
                return new LowUser(name, way);
            }
        }
        throw new ServerFailure("the build runs as root, which PostgreSQL and other servers refuse, and neither setpriv"
                + " (util-linux) nor chroot --userspec (coreutils) could start a process as user '" + name
                + "': install one of them, run the build as an ordinary user, or name a server by its address");
    }

    private static String number(String option, String name) {
        Shell.Result seen = Shell.run(List.of("id", option, name));
        if (seen.exit() != 0 || seen.output().equals("0")) {
            throw new ServerFailure("the build runs as root and cannot run servers as user '" + name
                    + "': expected an existing user other than root in -Dpolylog.servers.user");
        }
        return seen.output();
    }

    /**
     * The command line that runs a command as this user.
     *
     * @param command a program and its arguments
     * @return the same, behind what changes the user
     */
    public List<String> command(List<String> command) {
        return with(prefix, command);
    }

    /**
     * The user's name.
     *
     * @return empty for the user who runs this JVM
     */
    public String name() {
        return name;
    }

    /**
     * Runs a command to its end as this user.
     *
     * @param command a program and its arguments
     * @return what it wrote
     * @throws ServerFailure if it fails; the message holds what it wrote
     */
    public String run(List<String> command) {
        Shell.Result result = Shell.run(command(command));
        if (result.exit() != 0) {
            throw new ServerFailure(
                    command.get(0) + " failed with exit code " + result.exit() + ":\n" + result.output());
        }
        return result.output();
    }

    /**
     * Hands a file or a folder with all that is in it to this user.
     *
     * @param top what to hand over
     * @throws ServerFailure if the owner cannot be changed
     */
    public void own(Path top) {
        if (prefix.isEmpty()) {
            return;
        }
        try (Stream<Path> all = Files.walk(top)) {
            UserPrincipal owner =
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
            for (Path path : (Iterable<Path>) all::iterator) {
                if (!Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                    Files.setOwner(path, owner);
                }
            }
        } catch (IOException e) {
            throw new ServerFailure("cannot hand " + top + " to user '" + name + "'", e);
        }
    }

    /**
     * Fails unless this user can enter the folder.
     *
     * @param folder where servers will live
     * @throws ServerFailure if it, or a folder above it, is closed to this user
     */
    public void requireEntry(Path folder) {
        if (Shell.run(command(List.of("test", "-x", folder.toString()))).exit() != 0) {
            throw new ServerFailure(
                    "user '" + name + "', who runs the servers of a build that runs as root, cannot enter " + folder
                            + ": name a folder that others can reach in -Dpolylog.servers.folder, such as /var/tmp");
        }
    }

    private static List<String> with(List<String> prefix, List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return List.copyOf(all);
    }
}
