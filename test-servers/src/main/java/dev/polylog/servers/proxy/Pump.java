package dev.polylog.servers.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Moves the bytes of one direction of one connection, as its faults say.
 *
 * <p>One thread runs it; every other method may be called by any thread.
 */
final class Pump implements Runnable {

    private static final int BUFFER = 1 << 16;

    private final ProxiedConnection connection;
    private final Socket from;
    private final Socket to;
    private final SplittableRandom delays;

    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private Faults faults = Faults.none();
    private long left = Long.MAX_VALUE;
    private long passed;
    private boolean reached;
    private boolean discarding;
    private boolean ended;

    Pump(ProxiedConnection connection, Socket from, Socket to, SplittableRandom delays) {
        this.connection = connection;
        this.from = from;
        this.to = to;
        this.delays = delays;
    }

    /** Puts faults in force, counting from now. */
    void apply(Faults changed) {
        synchronized (this) {
            faults = changed;
            left = changed.cut().map(Cut::afterBytes).orElse(Long.MAX_VALUE);
            reached = false;
            notifyAll();
        }
        cutWhenReached();
    }

    synchronized long passed() {
        return passed;
    }

    /** Tells the receiver that the stream has ended, and throws away what still comes. */
    void finish() {
        synchronized (this) {
            discarding = true;
            notifyAll();
        }
        shutOutput();
    }

    /** Lets the running thread go; the sockets are closed by the connection. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Takes the streams of the sockets, which must be connected; a socket that is half closed gives none any more. */
    void open() throws IOException {
        in = from.getInputStream();
        out = to.getOutputStream();
    }

    @Override
    public void run() {
        try {
            byte[] buffer = new byte[BUFFER];
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                delay();
                pass(buffer, length);
            }
            delay();
            if (take(0) == 0) {
                shutOutput();
            }
            connection.finished(this);
        } catch (IOException brokenOrReset) {
            // What has happened to one side happens to the other.
            connection.reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.reset();
        }
    }

    private void pass(byte[] buffer, int length) throws IOException, InterruptedException {
        for (int start = 0; start < length; ) {
            int taken = take(length - start);
            if (taken < 0) {
                return;
            }
            out.write(buffer, start, taken);
            start += taken;
            cutWhenReached();
        }
    }

    /** How many bytes may pass now; waits in a black hole; -1 if none ever will. */
    private synchronized int take(int wanted) throws InterruptedException {
        while (!discarding && !ended && (left == 0 && faults.cut().isPresent())) {
            wait();
        }
        if (discarding || ended) {
            return -1;
        }
        int taken = (int) Math.min(wanted, left);
        if (faults.cut().isPresent()) {
            left -= taken;
        }
        // Counted before they pass, so that whoever has received them finds them counted.
        passed += taken;
        return taken;
    }

    private synchronized void delay() throws InterruptedException {
        Faults now = faults;
        long spread = now.mostDelay().minus(now.leastDelay()).toNanos();
        long nanos = now.leastDelay().toNanos() + (spread == 0 ? 0 : delays.nextLong(spread + 1));
        long start = System.nanoTime();
        long remaining = nanos;
        while (remaining > 0 && faults.equals(now) && !ended && !discarding) {
            TimeUnit.NANOSECONDS.timedWait(this, remaining + 999_999);
            remaining = nanos - (System.nanoTime() - start);
        }
    }

    private void cutWhenReached() {
        Optional<Cut> cut;
        synchronized (this) {
            if (left != 0 || reached) {
                return;
            }
            reached = true;
            cut = faults.cut();
        }
        cut.ifPresent(reachedCut -> connection.cut(this, reachedCut.ending()));
    }

    private void shutOutput() {
        try {
            if (!to.isClosed() && !to.isOutputShutdown()) {
                to.shutdownOutput();
            }
        } catch (IOException alreadyGone) {
            connection.reset();
        }
    }
}
