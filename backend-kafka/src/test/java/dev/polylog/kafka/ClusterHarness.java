package dev.polylog.kafka;

import dev.polylog.spi.LogBackend;
import dev.polylog.tck.TckHarness;
import dev.polylog.tck.Unreachable;
import java.util.List;

/** What the kit must know to judge a topic on a cluster. */
interface ClusterHarness extends TckHarness {

    TestTopic topic();

    @Override
    default LogBackend open() {
        return KafkaBackend.open(topic().config().build());
    }

    @Override
    default Unreachable unreachable() {
        return new Unreachable.At(
                "kafka://app:s3cr3t-word@127.0.0.1:1,127.0.0.1:2/nowhere?sasl=plain&connectTimeout=2s",
                "127.0.0.1:1",
                List.of("s3cr3t-word"));
    }
}
