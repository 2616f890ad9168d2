package dev.polylog.kafka;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/** The ordered map of a view, to be read: as it is, or as it was at one moment. */
interface ViewReads {

    /**
     * One row.
     *
     * @return its value, or null where there is none
     */
    byte @Nullable [] get(byte[] key);

    /** Walks through the map as it is at this moment. */
    <T> T walk(Function<RocksIterator, T> walker);
}
