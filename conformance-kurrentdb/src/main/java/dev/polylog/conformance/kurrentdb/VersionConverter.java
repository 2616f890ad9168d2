package dev.polylog.conformance.kurrentdb;

import dev.polylog.servers.kurrentdb.KurrentVersion;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 23.10} or {@code 25.1}. Stateless and thread-safe. */
final class VersionConverter implements ITypeConverter<KurrentVersion> {

    @Override
    public KurrentVersion convert(String text) {
        return Arrays.stream(KurrentVersion.values())
                .filter(version -> release(version).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "': expected one of "
                        + Arrays.stream(KurrentVersion.values())
                                .map(VersionConverter::release)
                                .collect(Collectors.joining(", "))));
    }

    private static String release(KurrentVersion version) {
        return version.number().substring(0, version.number().lastIndexOf('.'));
    }
}
