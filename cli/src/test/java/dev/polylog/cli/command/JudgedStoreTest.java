package dev.polylog.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.tck.Unreachable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the kit looks for a store of the judged kind that cannot be reached. */
class JudgedStoreTest {

    @ParameterizedTest
    @CsvSource({
        "postgresql://me:secret@db.example:5432/app?schema=s, postgresql://127.0.0.1:1/app?schema=s",
        "jdbc:postgresql://db.example/app, jdbc:postgresql://127.0.0.1:1/app",
        "'kurrentdb+discover://a:b@one.example:2113,two.example:2113?tls=false', kurrentdb://127.0.0.1:1?tls=false",
    })
    void a_server_is_looked_for_at_a_port_of_this_machine_at_which_nobody_listens(String url, String nowhere) {
        assertThat(JudgedStore.at(url, null).unreachable())
                .isEqualTo(new Unreachable.At(nowhere, "127.0.0.1:1", List.of()));
    }

    @Test
    void a_url_that_was_named_is_taken() {
        assertThat(JudgedStore.at("postgresql://db.example/app", "postgresql://me:secret@other.example:9/app")
                        .unreachable())
                .isEqualTo(
                        new Unreachable.At("postgresql://me:secret@other.example:9/app", "other.example:9", List.of()));
    }

    @Test
    void memory_is_always_there() {
        assertThat(JudgedStore.at("memory:", null).unreachable()).isInstanceOf(Unreachable.Never.class);
    }
}
