package dev.polylog.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylog.bench.BenchReport.Result;
import dev.polylog.bench.Figures.Spread;
import org.jspecify.annotations.Nullable;

/** Writes a report as JSON. Stateless. */
final class JsonReport {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonReport() {}

    static String of(BenchReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", 2);
        root.put("sound", report.isSound());
        root.set("environment", JSON.valueToTree(report.environment()));
        root.set("options", options(report.options()));
        root.set("stores", JSON.valueToTree(report.stores()));
        ArrayNode results = root.putArray("results");
        report.results().forEach(result -> results.add(result(result)));
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report of plain values cannot be written as JSON", e);
        }
    }

    private static ObjectNode options(BenchOptions options) {
        ObjectNode node = JSON.createObjectNode();
        node.set("stores", JSON.valueToTree(options.stores()));
        ArrayNode workloads = node.putArray("workloads");
        options.workloads().stream().sorted().forEach(workload -> workloads.add(workload.label()));
        node.put("rounds", options.rounds());
        node.put("roundMillis", options.roundTime().toMillis());
        node.put("warmUpMillis", options.warmUp().toMillis());
        node.put("maxEvents", options.maxEvents());
        node.put("readEvents", options.readEvents());
        node.put("offeredRate", options.offeredRate());
        node.put("payloadBytes", EventFactory.PAYLOAD_BYTES);
        node.put("metadataBytes", EventFactory.METADATA_BYTES);
        return node;
    }

    private static ObjectNode result(Result result) {
        ObjectNode node = JSON.createObjectNode();
        node.put("store", result.store());
        node.put("workload", result.workload().label());
        node.put("unit", result.workload().unit());
        node.put("clients", result.workload().clients());
        node.set("figures", figures(result.figures()));
        ArrayNode baselines = node.putArray("baselines");
        for (Figures baseline : result.baselines()) {
            ObjectNode raw = figures(baseline);
            raw.set("storeToThis", spread(result.figures().ratioTo(baseline)));
            baselines.add(raw);
        }
        return node;
    }

    private static ObjectNode figures(Figures figures) {
        ObjectNode node = JSON.createObjectNode();
        node.put("contender", figures.contender());
        node.set("perSecond", spread(figures.perSecond()));
        node.put("conflicts", figures.conflicts());
        node.put("errors", figures.errors());
        node.set("problems", JSON.valueToTree(figures.problems()));
        node.set("rounds", JSON.valueToTree(figures.rounds()));
        return node;
    }

    private static JsonNode spread(@Nullable Spread spread) {
        return spread == null ? JSON.nullNode() : JSON.valueToTree(spread);
    }
}
