package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.support.AppendRules;
import dev.polylog.spi.support.AppendRules.Decision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the SQL function decides for random groups is what the rules in Java decide. */
class PostgresGroupTest {

    private static final int GROUPS = 400;

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    @Test
    void random_groups_are_decided_as_the_rules_say() throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        Random random = new Random(seed);
        PostgresConfig config = TestLog.config(LOG.access()).build();
        PostgresBackend backend = LOG.open(config);
        Model model = new Model();
        List<AppendCommand> earlier = new ArrayList<>();
        int[] kinds = new int[4];
        try (PostgresConnections connections = PostgresConnections.of(config);
                PostgresSession session = PostgresSession.open(config, connections)) {
            for (int g = 0; g < GROUPS; g++) {
                List<AppendCommand> group = group(random, earlier, model);
                List<AppendOutcome> expected = new ArrayList<>();
                List<AppendOutcome> got = new ArrayList<>();
                for (List<AppendCommand> part : PostgresChunks.cut(group)) {
                    expected.addAll(model.append(part));
                    got.addAll(session.append(part, session.attempt().deadline()));
                }
                assertThat(got).as("seed %d, group %d: %s", seed, g, group).isEqualTo(expected);
                expected.forEach(outcome -> kinds[kind(outcome)]++);
                earlier.addAll(group);
            }
        }
        assertThat(kinds)
                .as("written, repeats, conflicts, duplicates, seed %d", seed)
                .doesNotContain(0);
        assertThat(backend.readAll(LogRead.after(Position.START, Integer.MAX_VALUE))
                        .events())
                .hasSize((int) model.position)
                .extracting(event -> event.position().low())
                .isSorted();
    }

    @Test
    void a_repeat_that_comes_in_a_group_behind_an_exact_append_is_recognised() throws Exception {
        PostgresConfig config = TestLog.config(LOG.access()).build();
        LOG.open(config);
        StreamId stream = StreamId.of("repeated");
        AppendCommand first = AppendCommand.of(stream, ExpectedVersion.any(), List.of(event(), event()));
        AppendCommand exact = AppendCommand.of(stream, ExpectedVersion.exactly(2), List.of(event()));
        try (PostgresConnections connections = PostgresConnections.of(config);
                PostgresSession session = PostgresSession.open(config, connections)) {
            session.append(List.of(first), session.attempt().deadline());
            List<AppendOutcome> outcomes =
                    session.append(List.of(exact, first), session.attempt().deadline());
            assertThat(outcomes).extracting(PostgresGroupTest::kind).containsExactly(0, 1);
        }
    }

    private static EventData event() {
        return EventData.of("T", "b", Payload.of(new byte[1]));
    }

    private static int kind(AppendOutcome outcome) {
        if (outcome instanceof AppendOutcome.Appended appended) {
            return appended.result().repeated() ? 1 : 0;
        }
        return outcome instanceof AppendOutcome.Conflict ? 2 : 3;
    }

    private static List<AppendCommand> group(Random random, List<AppendCommand> earlier, Model model) {
        List<AppendCommand> group = new ArrayList<>();
        int size = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(8);
        while (group.size() < size) {
            if (!earlier.isEmpty() && random.nextInt(4) == 0) {
                group.add(earlier.get(Math.max(0, earlier.size() - 1 - random.nextInt(12))));
            } else {
                group.add(command(random, earlier, model));
            }
        }
        return group;
    }

    private static AppendCommand command(Random random, List<AppendCommand> earlier, Model model) {
        Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>();
        List<StreamWrite> writes = new ArrayList<>();
        int streams = random.nextInt(3) == 0 ? 2 : 1;
        for (int s = 0; s < streams; s++) {
            StreamId stream = StreamId.of("s-" + random.nextInt(6));
            if (expectations.putIfAbsent(stream, expected(random, stream, model)) == null) {
                List<EventData> events = new ArrayList<>();
                for (int e = 0; e <= random.nextInt(3); e++) {
                    events.add(event(random, earlier, events));
                }
                writes.add(new StreamWrite(stream, events));
            }
        }
        if (random.nextInt(3) == 0) {
            StreamId other = StreamId.of("s-" + random.nextInt(8));
            expectations.putIfAbsent(other, expected(random, other, model));
        }
        return new AppendCommand(expectations, writes);
    }

    private static ExpectedVersion expected(Random random, StreamId stream, Model model) {
        return switch (random.nextInt(6)) {
            case 0 -> ExpectedVersion.any();
            case 1 -> ExpectedVersion.streamExists();
            case 2 -> ExpectedVersion.noStream();
            default -> ExpectedVersion.exactly(Math.max(0, model.version(stream) + random.nextInt(4) - 1));
        };
    }

    private static EventData event(Random random, List<AppendCommand> earlier, List<EventData> already) {
        if (!earlier.isEmpty() && random.nextInt(8) == 0) {
            AppendCommand from = earlier.get(Math.max(0, earlier.size() - 1 - random.nextInt(12)));
            EventData old = from.writes().get(0).events().get(0);
            if (already.stream().noneMatch(e -> e.id().equals(old.id()))) {
                return old;
            }
        }
        return EventData.of("T", "b", Payload.of(new byte[random.nextInt(5)]));
    }

    /** The rules, on lists. Repeats and duplicates are looked for in what stood there before the group. */
    private static final class Model implements AppendRules.StreamView {

        private final Map<StreamId, List<UUID>> streams = new HashMap<>();
        private final Map<StreamId, List<Long>> positions = new HashMap<>();
        private long position;

        List<AppendOutcome> append(List<AppendCommand> part) {
            Map<Integer, AppendOutcome> outcomes = new HashMap<>();
            for (int i = 0; i < part.size(); i++) {
                Decision decision = AppendRules.decide(part.get(i), this);
                if (decision instanceof Decision.Repeat repeat) {
                    outcomes.put(i, appended(part.get(i), repeat.firstVersions(), true));
                } else if (decision instanceof Decision.Refuse refuse
                        && refuse.outcome() instanceof AppendOutcome.Duplicate duplicate) {
                    outcomes.put(i, duplicate);
                }
            }
            List<AppendOutcome> inOrder = new ArrayList<>();
            for (int i = 0; i < part.size(); i++) {
                AppendOutcome early = outcomes.get(i);
                inOrder.add(early == null ? write(part.get(i)) : early);
            }
            return inOrder;
        }

        private AppendOutcome write(AppendCommand command) {
            Decision decision = AppendRules.decide(command, this);
            if (decision instanceof Decision.Refuse refuse) {
                return refuse.outcome();
            }
            for (StreamWrite write : command.writes()) {
                for (EventData event : write.events()) {
                    streams.computeIfAbsent(write.stream(), key -> new ArrayList<>())
                            .add(event.id());
                    positions
                            .computeIfAbsent(write.stream(), key -> new ArrayList<>())
                            .add(++position);
                }
            }
            return appended(command, ((Decision.Write) decision).firstVersions(), false);
        }

        private AppendOutcome appended(AppendCommand command, Map<StreamId, Long> firsts, boolean repeated) {
            List<AppendResult.Written> written = new ArrayList<>();
            long last = 0;
            for (StreamWrite write : command.writes()) {
                long first = firsts.get(write.stream());
                long end = first + write.events().size() - 1;
                written.add(new AppendResult.Written(write.stream(), first, end));
                last = Math.max(last, positions.get(write.stream()).get((int) end - 1));
            }
            return new AppendOutcome.Appended(new AppendResult(written, Position.of(last), repeated));
        }

        @Override
        public long version(StreamId stream) {
            return streams.getOrDefault(stream, List.of()).size();
        }

        @Override
        public List<UUID> ids(StreamId stream, long firstVersion, int count) {
            List<UUID> all = streams.getOrDefault(stream, List.of());
            int from = (int) Math.min(firstVersion - 1, all.size());
            return List.copyOf(all.subList(from, Math.min(all.size(), from + count)));
        }
    }
}
