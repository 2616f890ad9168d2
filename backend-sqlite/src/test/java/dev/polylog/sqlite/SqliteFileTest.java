package dev.polylog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.IncompatibleLayout;
import dev.polylog.StoreUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteFileTest {

    private static final List<String> MOUNTS = List.of(
            "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw",
            "30 22 0:26 / /mnt/team\\040share rw - nfs4 server:/export rw",
            "31 22 0:27 / /data rw - xfs /dev/vdb rw",
            "32 31 0:28 / /data rw - cifs //server/data rw",
            "a broken line");

    @TempDir
    Path folder;

    private static SqliteConfig config(Path file) {
        return SqliteConfig.builder(file).build();
    }

    @Test
    void the_deepest_mount_point_counts_and_a_later_one_covers_an_earlier() {
        assertThat(SqliteFile.fileSystem(MOUNTS, Path.of("/home/me"))).isEqualTo("ext4");
        assertThat(SqliteFile.fileSystem(MOUNTS, Path.of("/mnt/team share/logs")))
                .isEqualTo("nfs4");
        assertThat(SqliteFile.fileSystem(MOUNTS, Path.of("/mnt/team sharepoint")))
                .isEqualTo("ext4");
        assertThat(SqliteFile.fileSystem(MOUNTS, Path.of("/data/x"))).isEqualTo("cifs");
        assertThat(SqliteFile.fileSystem(List.of(), Path.of("/data/x"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "CIFS"})
    void file_systems_of_other_machines_are_refused(String type) {
        assertThatThrownBy(() -> SqliteFile.refuseShared(config(folder.resolve("a.db")), type))
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining(type)
                .hasMessageContaining("a.db")
                .hasMessageContaining("Use a local disk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "overlay", "tmpfs", "fuseblk", "fuse.fuse-overlayfs", ""})
    void local_file_systems_are_taken(String type) {
        assertThatCode(() -> SqliteFile.refuseShared(config(folder.resolve("a.db")), type))
                .doesNotThrowAnyException();
    }

    @Test
    void a_missing_folder_is_named() {
        Path file = folder.resolve("missing/a.db");
        assertThatThrownBy(() -> SqliteBackend.open(config(file)))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("does not exist; create it first");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_folder_is_no_file() {
        assertThatThrownBy(() -> SqliteBackend.open(config(folder)))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("it is a folder");
    }

    @Test
    void a_device_is_no_file() {
        assertThatThrownBy(() -> SqliteBackend.open(config(Path.of("/dev/null"))))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("no ordinary file");
    }

    @Test
    void a_folder_in_which_nothing_can_be_made_is_named() {
        assertThatThrownBy(() -> SqliteBackend.open(config(Path.of("/proc/polylog.db"))))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("cannot open sqlite:/proc/polylog.db");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "this is a text of more than one hundred bytes, which is what the header of a"
                        + " database has, and no database at all, whatever its name may say"
            })
    void a_file_that_is_no_database_is_refused_and_left_alone(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("a.db"), content);
        assertThatThrownBy(() -> SqliteBackend.open(config(file)))
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("no SQLite database");
        assertThat(file).hasContent(content);
        assertThat(folder).isDirectoryNotContaining("glob:**-wal");
    }

    @Test
    void an_empty_file_becomes_a_log() throws IOException {
        Path file = Files.createFile(folder.resolve("a.db"));
        SqliteBackend.open(config(file)).close();
        assertThat(Files.size(file)).isPositive();
    }
}
