package dev.polylog.cli.transfer;

import dev.polylog.EventStore;
import dev.polylog.Position;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.cli.shell.Progress;
import dev.polylog.cli.shell.Shell;
import dev.polylog.copy.ContentDigest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * Examines all that a store holds, in two passes.
 *
 * <ol>
 *   <li>Along the log: positions increase, every stream's versions are 1, 2, 3 …, the content digest.
 *   <li>Stream by stream, all or a random sample: the stream read gives the same events as the log, no event id occurs
 *       twice.
 * </ol>
 *
 * <p>Events that are appended meanwhile do not disturb it: it ends at the head that it found. Memory: a digest and a
 * version for each stream, some 250 bytes, and the event ids of one stream at a time. For one thread.
 */
public final class Verification {

    private static final int MOST_FINDINGS = 100;

    private final EventStore store;
    private final Shell shell;
    private final Map<StreamId, StreamDigest> streams = new HashMap<>();
    private final ContentDigest digest = new ContentDigest();
    private final List<String> findings = new ArrayList<>();
    private long moreFindings;

    /** What the log says about a stream: how many events, and a running mix of their digests. */
    private static final class StreamDigest {
        private long events;
        private long mixed;

        void add(RecordedEvent event) {
            ContentDigest one = new ContentDigest();
            one.add(event);
            mixed = mixed * 31 + ByteBuffer.wrap(one.bytes()).getLong();
            events++;
        }
    }

    /**
     * What was found.
     *
     * @param events how many events the log holds
     * @param streams in how many streams
     * @param streamsRead how many of them were read one by one
     * @param head the position of the last event
     * @param digest the content digest of the log
     * @param findings what is wrong, the first hundred; empty where everything is right
     * @param moreFindings how many more there are
     */
    public record Result(
            long events,
            int streams,
            int streamsRead,
            Position head,
            String digest,
            List<String> findings,
            long moreFindings) {}

    /**
     * Of a store.
     *
     * @param store the store
     * @param shell where progress is told, and the user may interrupt
     */
    public Verification(EventStore store, Shell shell) {
        this.store = store;
        this.shell = shell;
    }

    /**
     * Examines the store.
     *
     * @param sample how many streams to read one by one at most
     * @return what was found
     */
    public Result run(int sample) {
        Position head = alongTheLog();
        List<StreamId> chosen = new ArrayList<>(streams.keySet());
        if (chosen.size() > sample) {
            Collections.shuffle(chosen, new Random());
            chosen = chosen.subList(0, sample);
        }
        streamByStream(chosen);
        return new Result(
                digest.events(),
                streams.size(),
                chosen.size(),
                head,
                digest.hex(),
                List.copyOf(findings),
                moreFindings);
    }

    private Position alongTheLog() {
        Progress progress = new Progress(shell, "reading the log");
        Position head = store.watermark().position();
        Position last = Position.START;
        for (RecordedEvent event : store.readAll()) {
            shell.interruption().check();
            if (event.position().isAfter(head)) {
                break;
            }
            if (!event.position().isAfter(last)) {
                finding("position " + event.position() + " follows position " + last + " in the log");
            }
            last = event.position();
            StreamDigest stream = streams.computeIfAbsent(event.stream(), s -> new StreamDigest());
            stream.add(event);
            if (event.version() != stream.events) {
                finding("stream " + event.stream() + ": version " + event.version() + " at position " + event.position()
                        + " is number " + stream.events + " of the stream in the log");
            }
            digest.add(event);
            progress.at(digest.events(), -1);
        }
        progress.clear();
        return last;
    }

    private void streamByStream(List<StreamId> chosen) {
        Progress progress = new Progress(shell, "reading streams");
        long events = 0;
        for (int i = 0; i < chosen.size(); i++) {
            shell.interruption().check();
            StreamId stream = chosen.get(i);
            events += compare(stream, streams.getOrDefault(stream, new StreamDigest()));
            progress.at(events, (i + 1.0) / chosen.size());
        }
        progress.clear();
    }

    private long compare(StreamId stream, StreamDigest inLog) {
        StreamDigest read = new StreamDigest();
        Set<UUID> ids = new HashSet<>();
        for (RecordedEvent event : store.readStream(stream, ReadOptions.stream().limit(inLog.events))) {
            read.add(event);
            if (event.version() != read.events) {
                finding("stream " + stream + ": event number " + read.events + " has version " + event.version());
            }
            if (!ids.add(event.id())) {
                finding("stream " + stream + ": the event id " + event.id() + " of version " + event.version()
                        + " occurs twice");
            }
        }
        if (read.events != inLog.events) {
            finding("stream " + stream + ": has " + read.events + " events, but " + inLog.events + " in the log");
        } else if (read.mixed != inLog.mixed) {
            finding("stream " + stream + ": the stream and the log hold different content");
        }
        return read.events;
    }

    private void finding(String finding) {
        if (findings.size() < MOST_FINDINGS) {
            findings.add(finding);
        } else {
            moreFindings++;
        }
    }
}
