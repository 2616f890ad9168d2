package dev.polylog.kafka;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/** The ordered maps of a view, to be read: as it is, or as it was at one moment. */
interface ViewReads {

    /**
     * One row of the index.
     *
     * @return its value, or null where there is none
     */
    byte @Nullable [] get(byte[] key);

    /** Walks through the index as it is at this moment. */
    <T> T walk(Function<RocksIterator, T> walker);

    /** Walks through the log as it is at this moment. */
    <T> T walkLog(Function<RocksIterator, T> walker);

    /**
     * Rows of the log.
     *
     * @param keys their keys; each must be there
     * @return the values in the order of the keys
     */
    List<byte[]> log(List<byte[]> keys);
}
