package dev.polylog.kafka;

import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
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
 * The files of a view: two ordered maps in RocksDB, a column family each, keys as {@link ViewKeys} says.
 *
 * <p>There is no log of its own beside it: what a crash of the machine or the process takes from memory is a tail, since
 * both families are written out together, and is read again from the topic. Its memory is bounded: 64 MiB of cache, and
 * write buffers of 48 MiB, of which one fills while another is written out; 96 MiB for both families. Thread-safe;
 * closing waits for calls under way. Damaged files are a {@link StoreUnavailable}, and the callback given at open is told.
 */
final class ViewStore implements ViewReads, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ViewStore.class);
    private static final long CACHE = 64L << 20;

    /** Both families are written out when one has filled its buffer, and how often decides what compaction costs. */
    private static final long WRITE_BUFFER = 48L << 20;

    private static final int WRITE_BUFFERS = 2;

    /** So many bytes are read from the topic again faster than they are made durable here. */
    private static final long WORTH_FLUSHING = 256 << 10;

    private final Path folder;
    private final Runnable damaged;
    private final LRUCache cache;
    private final BloomFilter filter;
    private final ColumnFamilyOptions families;
    private final DBOptions options;
    private final WriteOptions writing;
    private final RocksDB db;
    private final ColumnFamilyHandle index;
    private final ColumnFamilyHandle log;
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
        this.families = families(cache, filter);
        this.options = options();
        this.writing = new WriteOptions().setDisableWAL(true);
        try {
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            this.db = RocksDB.open(options, folder.toString(), descriptors(families), handles);
            this.index = handles.get(0);
            this.log = handles.get(1);
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

    private static List<ColumnFamilyDescriptor> descriptors(ColumnFamilyOptions families) {
        return List.of(
                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, families),
                new ColumnFamilyDescriptor("log".getBytes(StandardCharsets.UTF_8), families));
    }

    private static DBOptions options() {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setDbWriteBufferSize(WRITE_BUFFERS * WRITE_BUFFER)
                .setMaxBackgroundJobs(2)
                .setAvoidFlushDuringShutdown(true)
                .setMaxOpenFiles(256)
                .setKeepLogFileNum(2);
    }

    @SuppressWarnings("resource") // an option that is set belongs to the options
    private static ColumnFamilyOptions families(LRUCache cache, BloomFilter filter) {
        return new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER)
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setBlockSize(16 << 10)
                        .setFilterPolicy(filter)
                        .setCacheIndexAndFilterBlocks(true));
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return within(() -> db.get(index, key));
    }

    @Override
    public List<byte[]> log(List<byte[]> keys) {
        return within(() -> db.multiGetAsList(Collections.nCopies(keys.size(), log), keys));
    }

    /** The map that batches put accepted appends into. */
    ColumnFamilyHandle log() {
        return log;
    }

    void write(WriteBatch batch) {
        within(() -> {
            db.write(writing, batch);
            unflushed.addAndGet(batch.getDataSize());
            return true;
        });
    }

    @Override
    public <T> T walk(Function<RocksIterator, T> walker) {
        return within(() -> {
            try (RocksIterator iterator = db.newIterator(index)) {
                T result = walker.apply(iterator);
                iterator.status();
                return result;
            }
        });
    }

    @Override
    public <T> T walkLog(Function<RocksIterator, T> walker) {
        return within(() -> {
            try (RocksIterator iterator = db.newIterator(log)) {
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
            return within(() -> db.get(index, reading, key));
        }

        @Override
        public <T> T walk(Function<RocksIterator, T> walker) {
            return within(() -> {
                try (RocksIterator iterator = db.newIterator(index, reading)) {
                    return walker.apply(iterator);
                }
            });
        }

        @Override
        public <T> T walkLog(Function<RocksIterator, T> walker) {
            return within(() -> {
                try (RocksIterator iterator = db.newIterator(log, reading)) {
                    return walker.apply(iterator);
                }
            });
        }

        @Override
        public List<byte[]> log(List<byte[]> keys) {
            return within(() -> db.multiGetAsList(reading, Collections.nCopies(keys.size(), log), keys));
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
            index.close();
            log.close();
            db.close();
            free();
        } finally {
            life.writeLock().unlock();
        }
    }

    /** Writes out what is in memory. */
    void flush() {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            db.flush(flush, List.of(index, log));
        } catch (RocksDBException e) {
            // Only time is lost: what is missing is read again from the topic.
            LOG.warn("the view in {} could not be written out and is behind next time", folder, e);
        }
    }

    private void free() {
        writing.close();
        options.close();
        families.close();
        filter.close();
        cache.close();
    }

    /** What is done with the files while they are open. */
    private interface Access<T> {
        T make() throws RocksDBException;
    }
}
