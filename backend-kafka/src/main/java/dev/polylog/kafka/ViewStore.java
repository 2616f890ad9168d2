package dev.polylog.kafka;

import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a view: an ordered map in RocksDB, keys as {@link ViewKeys} says.
 *
 * <p>There is no log of its own beside it: what a crash of the machine or the process takes from memory is a tail, since
 * everything is in one column family, and is read again from the topic. Its memory is bounded: 64 MiB of cache and three
 * write buffers of 16 MiB. Thread-safe; closing waits for calls under way. Damaged files are a {@link StoreUnavailable},
 * and the callback given at open is told.
 */
final class ViewStore implements ViewReads, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ViewStore.class);
    private static final long CACHE = 64L << 20;
    private static final long WRITE_BUFFER = 16L << 20;

    /** What is read from the topic again faster than it is made durable here. */
    private static final long WORTH_FLUSHING = 2_000;

    private final Path folder;
    private final Runnable damaged;
    private final LRUCache cache;
    private final BloomFilter filter;
    private final Options options;
    private final WriteOptions writing;
    private final RocksDB db;
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
    private final AtomicLong unflushed = new AtomicLong();
    private boolean closed;

    static {
        RocksDB.loadLibrary();
    }

    private ViewStore(Path folder, Runnable damaged) throws RocksDBException {
        this.folder = folder;
        this.damaged = damaged;
        this.cache = new LRUCache(CACHE);
        this.filter = new BloomFilter(10);
        this.options = options(cache, filter);
        this.writing = new WriteOptions().setDisableWAL(true);
        try {
            this.db = RocksDB.open(options, folder.toString());
        } catch (RocksDBException e) {
            free();
            throw e;
        }
    }

    /**
     * Opens the files, or makes them.
     *
     * @param folder where they are
     * @param damaged told when it turns out later that they are damaged
     * @throws RocksDBException if they cannot be opened
     */
    static ViewStore open(Path folder, Runnable damaged) throws RocksDBException {
        return new ViewStore(folder, damaged);
    }

    @SuppressWarnings("resource") // an option that is set belongs to the options
    private static Options options(LRUCache cache, BloomFilter filter) {
        return new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(WRITE_BUFFER)
                .setMaxWriteBufferNumber(3)
                .setMaxBackgroundJobs(2)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                .setAvoidFlushDuringShutdown(true)
                .setMaxOpenFiles(256)
                .setKeepLogFileNum(2)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setBlockSize(16 << 10)
                        .setFilterPolicy(filter)
                        .setCacheIndexAndFilterBlocks(true));
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return within(() -> db.get(key));
    }

    void write(WriteBatch batch) {
        within(() -> {
            db.write(writing, batch);
            unflushed.addAndGet(batch.count());
            return true;
        });
    }

    @Override
    public <T> T walk(Function<RocksIterator, T> walker) {
        return within(() -> {
            try (ReadOptions reading = new ReadOptions();
                    RocksIterator iterator = db.newIterator(reading)) {
                T result = walker.apply(iterator);
                iterator.status();
                return result;
            }
        });
    }

    /** Looks at the map as it is at this moment. */
    <T> T still(Function<ViewReads, T> look) {
        return within(() -> {
            Snapshot snapshot = db.getSnapshot();
            try (ReadOptions reading = new ReadOptions().setSnapshot(snapshot)) {
                return look.apply(new Moment(reading));
            } finally {
                db.releaseSnapshot(snapshot);
            }
        });
    }

    /** The map at one moment. For the thread that holds the store open. */
    private final class Moment implements ViewReads {

        private final ReadOptions reading;

        Moment(ReadOptions reading) {
            this.reading = reading;
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            return within(() -> db.get(reading, key));
        }

        @Override
        public <T> T walk(Function<RocksIterator, T> walker) {
            return within(() -> {
                try (RocksIterator iterator = db.newIterator(reading)) {
                    return walker.apply(iterator);
                }
            });
        }
    }

    private <T> T within(Access<T> access) {
        Lock lock = life.readLock();
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosed();
            }
            return access.make();
        } catch (RocksDBException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }

    private StoreUnavailable failed(RocksDBException e) {
        if (isCorruption(e)) {
            damaged.run();
            return new StoreUnavailable(
                    "the view in " + folder + " is damaged (" + e.getMessage()
                            + "); close the store and open it again: the view is then made anew from the topic",
                    e);
        }
        return new StoreUnavailable("the view in " + folder + " cannot be used: " + e.getMessage(), e);
    }

    private static boolean isCorruption(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }

    /** Writes out what is in memory, where that is worth it, and frees everything. May be called again. */
    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (unflushed.get() > WORTH_FLUSHING) {
                flush();
            }
            db.close();
            free();
        } finally {
            life.writeLock().unlock();
        }
    }

    /** Writes out what is in memory. */
    void flush() {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            db.flush(flush);
        } catch (RocksDBException e) {
            // Only time is lost: what is missing is read again from the topic.
            LOG.warn("the view in {} could not be written out and is behind next time", folder, e);
        }
    }

    private void free() {
        writing.close();
        options.close();
        filter.close();
        cache.close();
    }

    /** What is done with the files while they are open. */
    private interface Access<T> {
        T make() throws RocksDBException;
    }
}
