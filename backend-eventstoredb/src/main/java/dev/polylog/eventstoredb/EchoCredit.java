package dev.polylog.eventstoredb;

/**
 * Whether a subscription that brings back what is appended is worth its cost, in events: each event that it brings costs
 * one and one more for each 4 KiB, each read that it spares is worth 32, each time that it is waited for in vain costs 64,
 * and each append that it cannot serve while it is begun or silent costs 4, but not the events of that append. It begins
 * with credit for 2,048, since many may append much while it is begun, and ends with the last of it; the next one has to be
 * asked for twice as often.
 *
 * <p>For one thread at a time.
 */
final class EchoCredit {

    /** What a subscription may cost before it has spared anything. */
    static final int FIRST = 2_048;

    /** What it may have in hand at most; one that has that much is worth having again at once. */
    static final int MOST = 4_096;

    /** A round trip, as measured, takes the time of some so many events of one KiB. */
    static final int SPARED = 32;

    static final int MISSED = 64;

    static final int FEWEST_ASKS = 8;
    static final int MOST_ASKS = 65_536;

    private static final int UNSERVED = 4;
    private static final int BYTES_OF_AN_EVENT = 4_096;

    private boolean held;
    private int credit;
    private int forNobody;
    private int asks;
    private int asksNeeded = FEWEST_ASKS;

    /** Somebody asks while there is no subscription; gives whether there should be one from now on. */
    boolean begins() {
        asks++;
        if (held || asks < asksNeeded) {
            return false;
        }
        held = true;
        credit = FIRST;
        forNobody = 0;
        return true;
    }

    /** It brought an event. */
    void brought(int bytes) {
        if (forNobody > 0) {
            forNobody--;
        } else {
            credit -= 1 + bytes / BYTES_OF_AN_EVENT;
        }
    }

    /** It told somebody what he would have read. */
    void spared() {
        credit = Math.min(MOST, credit + SPARED);
        if (credit == MOST) {
            asksNeeded = FEWEST_ASKS;
        }
    }

    /** Somebody asks whom it cannot serve now; the events of that append it will bring for nobody. */
    void unserved(int events) {
        credit -= UNSERVED;
        forNobody = Math.min(MOST, forNobody + events);
    }

    /** Somebody waited for it in vain. */
    void missed() {
        credit -= MISSED;
    }

    boolean isSpent() {
        return credit <= 0;
    }

    /** There is no subscription any more. */
    void ended() {
        held = false;
        asks = 0;
        asksNeeded = Math.min(MOST_ASKS, asksNeeded * 2);
    }
}
