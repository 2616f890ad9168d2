package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.servers.kafka.KafkaServer;
import dev.polylog.servers.kafka.KafkaServers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorTest {

    @TempDir
    private Path folder;

    @Test
    void a_log_in_Kafka_is_mirrored_and_the_next_run_goes_on_where_the_target_ends() {
        KafkaServer server = KafkaServers.shared();
        String target = server.newTopic();
        Cli cli = new Cli()
                .env(
                        "POLYLOG_STORE",
                        "kafka://" + server.address() + "/" + server.newTopic() + "?view=" + folder.resolve("views"));
        cli.done("append", "Order-1", "--type", "Placed", "--data", "{}");
        assertThat(cli.done("mirror", "--to", target).err()).startsWith("polylog: 1 events copied to " + target);
        cli.done("append", "Order-1", "--type", "Shipped", "--data", "{}");
        cli.done("append", "Order-2", "--type", "Placed", "--data", "{}");
        assertThat(cli.done("mirror", "--to", target).err()).startsWith("polylog: 2 events copied to " + target);
        assertThat(cli.done("mirror", "--to", target).err()).startsWith("polylog: 0 events copied to " + target);
    }

    @Test
    void a_target_that_is_no_topic_is_refused() {
        Cli.Result result = new Cli().run("-s", "kafka://127.0.0.1:1/orders", "mirror", "--to", "a b");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("the target is no topic's name");
    }

    @Test
    void other_stores_have_no_mirror() {
        Cli.Result result = new Cli().run("-s", "memory:", "mirror", "--to", "events");
        assertThat(result.code()).isEqualTo(6);
        assertThat(result.err()).contains("memory:", "has no mirror", "kafka:");
    }
}
