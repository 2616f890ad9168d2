package dev.polylog.spi;

/** Something that was registered and can be taken back. Thread-safe; closing twice is closing once. */
@FunctionalInterface
public interface Registration extends AutoCloseable {

    /** Takes it back. */
    @Override
    void close();
}
