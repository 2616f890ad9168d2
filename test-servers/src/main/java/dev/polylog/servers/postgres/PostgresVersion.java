package dev.polylog.servers.postgres;

import dev.polylog.servers.ServerFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Which PostgreSQL the build has chosen: {@code -Dpolylog.postgres.version}, as the binaries' artifacts number it. */
final class PostgresVersion {

    private PostgresVersion() {}

    /** The image of the same version; {@code -Dpolylog.postgres.image} names another. */
    static String image() {
        return System.getProperty("polylog.postgres.image", "postgres:" + chosen().replaceAll("\\.0$", ""));
    }

    static int major() {
        return Integer.parseInt(chosen().replaceAll("\\..*", ""));
    }

    private static String chosen() {
        Properties properties = new Properties();
        try (InputStream file = PostgresVersion.class.getResourceAsStream("version.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new ServerFailure("cannot read version.properties beside " + PostgresVersion.class, e);
        }
        String version = System.getProperty("polylog.postgres.version", properties.getProperty("version"));
        if (!version.matches("\\d+\\.\\d+\\.\\d+")) {
            throw new ServerFailure("-Dpolylog.postgres.version=" + version
                    + ": expected three numbers as the binaries' artifacts have them, such as 18.6.0");
        }
        return version;
    }
}
