package dev.polylog.internal;

import dev.polylog.RecordedEvent;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Walks through a read page by page: holds one page, fetches the next when it is used up (rule R-05).
 *
 * <p>For one thread. A failed fetch changes nothing: the next call tries it again.
 */
abstract class Pages implements Iterator<RecordedEvent> {

    /** Where a page's payloads and metadata reach this many bytes the page ends. */
    static final long PAGE_BYTES = 4L << 20;

    private final int pageSize;
    private long remaining;
    private Iterator<RecordedEvent> page = List.<RecordedEvent>of().iterator();
    private boolean ended;

    Pages(long limit, int pageSize) {
        this.pageSize = pageSize;
        this.remaining = limit;
    }

    /**
     * Fetches the next page and remembers where the one after it begins.
     *
     * @param maxEvents the most events that are still wanted
     * @return the page's events, maybe none
     */
    abstract List<RecordedEvent> fetch(int maxEvents);

    /** Whether the last page that was fetched is followed by no other. */
    abstract boolean wasLastPage();

    @Override
    public boolean hasNext() {
        if (remaining == 0) {
            return false;
        }
        while (!page.hasNext() && !ended) {
            page = fetch((int) Math.min(pageSize, remaining)).iterator();
            ended = wasLastPage();
        }
        return page.hasNext();
    }

    @Override
    public RecordedEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the read has no further events");
        }
        remaining--;
        return page.next();
    }
}
