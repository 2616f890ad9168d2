package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.IncompatibleLayout;
import dev.polylog.InvalidStoreUrl;
import dev.polylog.Payload;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendUrl;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresLayoutTest {

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    private PostgresConfig schema(String name) {
        return TestLog.config(LOG.access()).schema(name).build();
    }

    @Test
    void ten_who_open_at_once_have_one_log() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(10);
        CyclicBarrier together = new CyclicBarrier(10);
        List<Future<String>> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add(threads.submit(() -> {
                together.await();
                return LOG.open(schema("ten")).status().logId();
            }));
        }
        String first = ids.get(0).get();
        for (Future<String> id : ids) {
            assertThat(id.get()).isEqualTo(first);
        }
        threads.shutdown();
    }

    @Test
    void a_newer_layout_is_refused_and_left_alone() throws SQLException {
        LOG.open(schema("newer")).close();
        LOG.sql("update newer.head set layout = 2");
        assertThatThrownBy(() -> LOG.open(schema("newer")))
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("layout version 2")
                .hasMessageContaining("knows 1");
    }

    @Test
    void tables_of_somebody_else_are_refused_and_left_alone() throws SQLException {
        LOG.sql("create schema foreigner; create table foreigner.events (x int)");
        assertThatThrownBy(() -> LOG.open(schema("foreigner")))
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("not a Polylog log");
    }

    @Test
    void a_schema_that_exists_is_filled_by_a_role_that_may_not_create_schemas() throws SQLException {
        String role = LOG.access().database() + "_s";
        LOG.sql("create role " + role + " login password 'p'; create schema given authorization " + role);
        LOG.open(TestLog.config(LOG.access().as(role, "p")).schema("given").build());
    }

    @Test
    void hostile_schema_names_are_refused() {
        for (String name : List.of(
                "", "a\"b", "a;drop schema polylog", "A", "1a", "pg_temp", "a-b", "a b", "a'b", "x".repeat(51), "é")) {
            assertThatThrownBy(() -> schema(name)).as(name).isInstanceOf(InvalidStoreUrl.class);
        }
        assertThat(schema("x".repeat(50)).schema()).hasSize(50);
        LOG.open(schema("select"));
    }

    @Test
    void the_printed_schema_is_what_opening_creates() throws SQLException {
        String printed = new PostgresBackendProvider()
                .schema(BackendUrl.parse("postgresql://me@localhost/db?schema=printed"), "sql");
        LOG.sql("create role polylog_writer; create role polylog_reader");
        try {
            LOG.sql(printed);
            assertThat(LOG.open(schema("printed")).status().watermark().isHeld())
                    .isFalse();
        } finally {
            LOG.sql("drop schema printed cascade; drop role polylog_writer; drop role polylog_reader");
        }
    }

    @Test
    void events_are_never_changed_or_deleted() throws SQLException {
        PostgresBackend backend = LOG.open(schema("kept"));
        backend.append(TestLog.append("s", ExpectedVersion.any(), TestLog.event()));
        for (String change :
                List.of("update kept.events set type = 'x'", "delete from kept.events", "truncate kept.events")) {
            assertThatThrownBy(() -> LOG.sql(change)).as(change).hasMessageContaining("never changed or deleted");
        }
    }

    @Test
    void people_see_json_and_null_where_the_bytes_are_none() throws SQLException {
        PostgresBackend backend = LOG.open(schema("people"));
        backend.append(TestLog.append(
                "s",
                ExpectedVersion.any(),
                EventData.json("Good", "{\"b\": 1.00}"),
                EventData.json("Bad", "{\"b\": "),
                EventData.json("Nul", "\"\\u0000\""),
                EventData.of("Bytes", "x", Payload.of(new byte[] {(byte) 0xff, 0})),
                EventData.json("Huge", "1e999999")));
        List<String> shown = new ArrayList<>();
        try (Connection connection = LOG.access().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select payload::text from people.log order by position")) {
            while (rows.next()) {
                shown.add(rows.getString(1));
            }
        }
        assertThat(shown).containsExactly("{\"b\": 1.00}", null, null, null, null);
    }

    @Test
    void a_server_that_loses_power_badly_is_refused_unless_the_risk_is_named() throws SQLException {
        LOG.sql("alter system set full_page_writes = off");
        LOG.sql("select pg_reload_conf()");
        try {
            Awaitility.await().until(() -> setting("full_page_writes").equals("off"));
            assertThatThrownBy(() -> LOG.open(schema("risky")))
                    .isInstanceOf(IncompatibleLayout.class)
                    .hasMessageContaining("full_page_writes=off")
                    .hasMessageEndingWith("acceptFullPageWritesOff=true");
            PostgresBackend accepted = LOG.open(TestLog.config(LOG.access())
                    .schema("risky")
                    .risks(Set.of(PostgresConfig.Risk.FULL_PAGE_WRITES_OFF))
                    .build());
            assertThat(accepted.traits().durability()).isEqualTo(BackendTraits.Durability.VOLATILE);
        } finally {
            LOG.sql("alter system reset full_page_writes");
            LOG.sql("select pg_reload_conf()");
            Awaitility.await().until(() -> setting("full_page_writes").equals("on"));
        }
    }

    private static String setting(String name) throws SQLException {
        try (Connection connection = LOG.access().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void the_server_is_of_the_version_that_the_build_asked_for() throws SQLException {
        String wanted = System.getProperty("polylog.postgres.version", "");
        boolean chosen = System.getProperty("polylog.postgres.url") == null && !wanted.isEmpty();
        assertThat(setting("server_version")).startsWith(chosen ? wanted.replaceAll("\\..*", ".") : "1");
    }

    @Test
    void the_scripts_hold_nothing_but_the_schema_asked_for() {
        assertThat(PostgresLayout.script("other").getBytes(StandardCharsets.UTF_8))
                .isNotEmpty();
        assertThat(PostgresLayout.script("other")).doesNotContain("${").doesNotContain("polylog\".");
    }
}
