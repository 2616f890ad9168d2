package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.support.EventSizes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages that are copied are what queried ones are. */
class PostgresCopyTest {

    private static final int APPENDS = 30;
    private static final int EVENTS = 20;
    private static final int LARGEST = 3_000;
    private static final List<String> TEXTS = List.of("Plain", "Größe", "事件", "x\\y'\"?;--", "\uD83D\uDE00");

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    private boolean copied;

    /** Without a limit in bytes, with a share for each event that is enough or not, and with a sum. */
    @ParameterizedTest
    @CsvSource({
        "64, 9223372036854775807",
        "1000, 9223372036854775807",
        "100, 1000000",
        "300, 600000",
        "100, 150000",
        "1000, 20000"
    })
    void events_are_the_same_whichever_way_they_are_read(int maxEvents, long maxBytes) throws SQLException {
        PostgresBackend backend = LOG.open();
        fill(backend);
        awaitNoCopies();
        List<RecordedEvent> queried = readAll(backend, PostgresCopy.WORTH - 1, Long.MAX_VALUE);
        assertThat(copied).as("small pages were copied").isFalse();
        assertThat(readAll(backend, maxEvents, maxBytes)).isEqualTo(queried);
        assertThat(copied).as("large pages were copied").isTrue();
    }

    @Test
    void nothing_is_copied_where_nothing_lies_ahead() throws SQLException {
        PostgresBackend backend = LOG.open();
        fill(backend);
        Position head = backend.status().watermark().head();
        backend.readAll(new LogRead(Direction.FORWARDS, Position.START, Filter.all(), 1, Long.MAX_VALUE));
        LogSlice slice = backend.readAll(new LogRead(Direction.FORWARDS, head, Filter.all(), 1_000, Long.MAX_VALUE));
        assertThat(slice.events()).isEmpty();
        assertThat(slice.atHead()).isTrue();
        awaitNoCopies();
    }

    private static void fill(LogBackend backend) {
        Random random = new Random(5);
        for (int append = 0; append < APPENDS; append++) {
            EventData[] events = new EventData[EVENTS];
            for (int i = 0; i < EVENTS; i++) {
                events[i] = event(random);
            }
            backend.append(TestLog.append("s" + any(random) + append, ExpectedVersion.any(), events));
        }
    }

    private static EventData event(Random random) {
        byte[] payload = new byte[random.nextInt(10) == 0 ? 0 : random.nextInt(LARGEST)];
        random.nextBytes(payload);
        Metadata metadata = random.nextBoolean() ? Metadata.empty() : Metadata.of(any(random), any(random));
        return new EventData(
                new UUID(random.nextLong(), random.nextLong()),
                any(random),
                random.nextBoolean() ? EventData.JSON : "text/" + any(random),
                Payload.of(payload),
                metadata);
    }

    private static String any(Random random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private List<RecordedEvent> readAll(LogBackend backend, int maxEvents, long maxBytes) throws SQLException {
        List<RecordedEvent> events = new ArrayList<>();
        Position at = Position.START;
        LogSlice slice;
        do {
            slice = backend.readAll(new LogRead(Direction.FORWARDS, at, Filter.all(), maxEvents, maxBytes));
            assertThat(slice.events()).hasSizeLessThanOrEqualTo(maxEvents);
            assertThat(slice.events().stream()
                            .limit(Math.max(0, slice.events().size() - 1))
                            .mapToLong(EventSizes::of)
                            .sum())
                    .isLessThan(maxBytes);
            copied |= copies() > 0;
            events.addAll(slice.events());
            at = slice.lookedUpTo();
        } while (!slice.atHead());
        return events;
    }

    /** Connections of an earlier test may take a moment to go; one that has copied in this test does not go. */
    private static void awaitNoCopies() {
        Awaitility.await().until(() -> copies() == 0);
    }

    /** How many connections have copied last. */
    private static int copies() throws SQLException {
        try (Connection connection = LOG.access().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from pg_stat_activity"
                        + " where datname = current_database() and query like 'copy (%'")) {
            row.next();
            return row.getInt(1);
        }
    }
}
