package dev.polylog.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoreListTest {

    @Test
    void urls_are_separated_by_commas() {
        assertThat(StoreList.parse("sqlite:a.db,memory:")).containsExactly("sqlite:a.db", "memory:");
    }

    @Test
    void the_hosts_of_one_url_stay_together() {
        assertThat(StoreList.parse("kafka://one:9092,two:9092,three:9092/orders?replicas=3,sqlite:a.db"))
                .containsExactly("kafka://one:9092,two:9092,three:9092/orders?replicas=3", "sqlite:a.db");
        assertThat(StoreList.parse("memory:,kurrentdb://one:2113,two:2113?tls=false"))
                .containsExactly("memory:", "kurrentdb://one:2113,two:2113?tls=false");
    }

    @Test
    void a_url_without_a_path_ends_where_another_begins() {
        assertThat(StoreList.parse("kurrentdb://one:2113,sqlite:a.db,kurrentdb://two,postgresql://three/x"))
                .containsExactly("kurrentdb://one:2113", "sqlite:a.db", "kurrentdb://two", "postgresql://three/x");
    }

    @Test
    void what_begins_as_no_url_is_left_to_the_one_who_opens_it() {
        assertThat(StoreList.parse("sqlite:a.db,sqlight:b.db,,redis://c"))
                .containsExactly("sqlite:a.db", "sqlight:b.db", "", "redis://c");
    }
}
