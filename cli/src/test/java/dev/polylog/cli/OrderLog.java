package dev.polylog.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Makes logs of orders as lines of CloudEvents, streams interleaved, the same for the same seed. */
public final class OrderLog {

    private static final List<String> TYPES = List.of("OrderPlaced", "ItemAdded", "OrderPaid", "OrderShipped");

    private OrderLog() {}

    public static List<String> lines(long seed, int events) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>();
        int open = 20;
        int next = open;
        int[] streams = new int[open];
        for (int i = 0; i < open; i++) {
            streams[i] = i;
        }
        for (int i = 0; i < events; i++) {
            int slot = random.nextInt(open);
            if (random.nextInt(6) == 0) {
                streams[slot] = next++;
            }
            lines.add(line(random, streams[slot], i));
        }
        return lines;
    }

    private static String line(Random random, int stream, int number) {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        return "{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"urn:orders\",\"type\":\""
                + TYPES.get(random.nextInt(TYPES.size())) + "\",\"subject\":\"Order-" + stream
                + "\",\"time\":\"2026-01-31T12:00:00Z\",\"correlationid\":\"c" + stream + "\",\"data\":{\"number\": "
                + number + ",\"cents\":" + random.nextInt(10_000) + ".0}}";
    }

    public static byte[] bytes(List<String> lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
