package dev.polylog.internal.subscription;

import dev.polylog.Position;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.CellStore.SetOutcome;
import dev.polylog.subscription.ParkedEvent;
import dev.polylog.subscription.SubscriptionLimitReached;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The parked events of one durable subscription, in as many cells as they need (rule S-05).
 *
 * <p>Every change is a compare-and-set of one page by a rule that may be applied again, so that a change whose outcome is
 * unknown is simply made again. Thread-safe, also between processes; failures are those of the cells.
 */
final class ParkedCells {

    static final int MAX_PAGES = 32;
    static final int MAX_EVENTS = MAX_PAGES * ParkedPage.MAX_EVENTS;

    private final CellStore cells;
    private final String name;

    ParkedCells(CellStore cells, String name) {
        this.cells = cells;
        this.name = name;
    }

    /** All parked events in the order of the log. */
    List<ParkedEvent> list() {
        Map<Position, ParkedEvent> sorted = new TreeMap<>();
        for (ParkedPage page : pages()) {
            page.events().forEach(event -> sorted.putIfAbsent(event.position(), event));
        }
        return List.copyOf(sorted.values());
    }

    private List<ParkedPage> pages() {
        List<ParkedPage> pages = new ArrayList<>();
        Optional<ParkedPage> page = page(0);
        while (page.isPresent()) {
            pages.add(page.get());
            page = pages.size() < MAX_PAGES ? page(pages.size()) : Optional.empty();
        }
        return pages;
    }

    private Optional<ParkedPage> page(int number) {
        String cellName = CellNames.parkedPage(name, number);
        return cells.get(cellName)
                .map(cell -> new ParkedPage(cell.revision(), ParkedPage.decode(cellName, cell.value())));
    }

    /**
     * Adds an event, unless it is there.
     *
     * @throws SubscriptionLimitReached if there is no room
     */
    void add(ParkedEvent event) {
        while (true) {
            List<ParkedPage> pages = pages();
            boolean there = pages.stream()
                    .flatMap(page -> page.events().stream())
                    .anyMatch(e -> e.position().equals(event.position()));
            if (there || addTo(pages, event)) {
                return;
            }
        }
    }

    private boolean addTo(List<ParkedPage> pages, ParkedEvent event) {
        int number = 0;
        while (number < pages.size() && pages.get(number).isFull()) {
            number++;
        }
        if (number >= MAX_PAGES) {
            throw new SubscriptionLimitReached("subscription " + name + " has parked " + MAX_EVENTS
                    + " events, which is the most; repair the handler, replay or drop them, then start it again");
        }
        ParkedPage page = number < pages.size() ? pages.get(number) : new ParkedPage(0, List.of());
        List<ParkedEvent> events = new ArrayList<>(page.events());
        events.add(event);
        return set(number, page.revision(), events);
    }

    private boolean set(int number, long revision, List<ParkedEvent> events) {
        events.sort(Comparator.comparing(ParkedEvent::position));
        return cells.compareAndSet(CellNames.parkedPage(name, number), revision, ParkedPage.encode(events))
                instanceof SetOutcome.Done;
    }

    /** Takes events away. */
    void remove(Collection<Position> positions) {
        change(events -> events.stream()
                .filter(event -> !positions.contains(event.position()))
                .toList());
    }

    /** Changes events one by one. */
    void replaceEach(UnaryOperator<ParkedEvent> change) {
        change(events -> events.stream().map(change).toList());
    }

    private void change(UnaryOperator<List<ParkedEvent>> rule) {
        int number = 0;
        while (number < MAX_PAGES && changePage(number, rule)) {
            number++;
        }
    }

    /** Changes a page by a rule that has the same result when it is applied again; false if there is no such page. */
    private boolean changePage(int number, UnaryOperator<List<ParkedEvent>> rule) {
        while (true) {
            Optional<ParkedPage> page = page(number);
            if (page.isEmpty()) {
                return false;
            }
            List<ParkedEvent> changed = rule.apply(page.get().events());
            if (changed.equals(page.get().events()) || set(number, page.get().revision(), new ArrayList<>(changed))) {
                return true;
            }
        }
    }
}
