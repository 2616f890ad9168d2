package dev.polylog.servers.kafka;

import dev.polylog.servers.OwnCertificate;
import dev.polylog.servers.ProcessServer;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.ServerFolder;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker from Maven artifacts: broker and controller in one direct child of this JVM, with a small heap and timeouts
 * that let it come back within seconds after it was killed. Alone, or a member of a {@link KafkaCluster}.
 *
 * <p>Thread-safe.
 */
final class KafkaProcess extends ProcessServer implements OwnKafkaServer {

    private static final Duration ANSWER = Duration.ofSeconds(2);

    private static final String LOGGING = """
            Configuration:
              Appenders:
                Console:
                  name: out
                  PatternLayout:
                    pattern: "%d %p %c %m%n"
              Loggers:
                Root:
                  level: WARN
                  AppenderRef:
                    - ref: out
            """;

    private final ServerAddress address;
    private final KafkaMember member;
    private final KafkaDetour detour;
    private final Optional<KafkaGate> gate;

    private KafkaProcess(ServerFolder folder, KafkaMember member, KafkaDetour detour, Optional<KafkaGate> gate) {
        super(folder, "TERM");
        this.address = KafkaDetour.freeAddress();
        this.member = member;
        this.detour = detour;
        this.gate = gate;
    }

    private static KafkaProcess start(
            ServerFolder folder, KafkaMember member, KafkaDetour detour, Optional<KafkaGate> gate) {
        return started(new KafkaProcess(folder, member, detour, gate), KafkaProcess::prepare);
    }

    static KafkaProcess start(KafkaDetour detour) {
        return start(ServerFolder.create("kafka"), KafkaMember.alone(), detour, Optional.empty());
    }

    static KafkaProcess start(KafkaMember member) {
        return start(ServerFolder.create("kafka"), member, KafkaDetour.unused(), Optional.empty());
    }

    static GuardedKafka guarded() {
        ServerFolder folder = ServerFolder.create("kafka");
        KafkaGate gate = KafkaGate.with(OwnCertificate.make(folder.path()));
        return new GuardedKafka(start(folder, KafkaMember.alone(), KafkaDetour.unused(), Optional.of(gate)), gate);
    }

    KafkaMember member() {
        return member;
    }

    private void prepare() {
        try {
            StringBuilder lines = new StringBuilder();
            settings()
                    .forEach((name, value) ->
                            lines.append(name).append('=').append(value).append('\n'));
            Files.writeString(settingsFile(), lines);
            Files.writeString(loggingFile(), LOGGING);
            format();
        } catch (Exception e) {
            throw new ServerFailure("cannot make the folder of a Kafka broker below " + folder().path(), e);
        }
    }

    private void format() throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setClusterId(member.cluster())
                .setNodeId(member.node())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(data().toString())
                .addDirectory(data().toString())
                .setHasDynamicQuorum(false)
                .setScramArguments(gate.map(KafkaGate::scram).orElse(List.of()))
                .run();
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", String.valueOf(member.node()));
        settings.put("controller.quorum.voters", member.voters());
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put(
                "listeners",
                "PLAINTEXT://" + address + ",DETOUR://" + detour.behind() + ",CONTROLLER://" + member.controller());
        settings.put("advertised.listeners", "PLAINTEXT://" + address + ",DETOUR://" + detour.advertised());
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,DETOUR:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("log.dirs", data().toString());
        settings.put("offsets.topic.replication.factor", String.valueOf(member.replicas()));
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", String.valueOf(member.replicas()));
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("transaction.state.log.min.isr", String.valueOf(member.leastInSync()));
        settings.put("auto.create.topics.enable", "false");
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("log.cleaner.dedupe.buffer.size", "2097152");
        settings.putAll(member.patience());
        gate.ifPresent(guarded -> guarded.addTo(settings));
        return settings;
    }

    @Override
    public ServerAddress address() {
        return address;
    }

    @Override
    protected List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms128m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1", // comes back sooner, and leaves the processors to the test
                "-Dlog4j2.configurationFile=" + loggingFile().toUri(),
                "-cp",
                System.getProperty("java.class.path"),
                "kafka.Kafka",
                settingsFile().toString());
    }

    @Override
    protected boolean serves() {
        return KafkaCalls.isMember(address, member.node(), ANSWER);
    }

    private Path settingsFile() {
        return folder().path().resolve("server.properties");
    }

    private Path loggingFile() {
        return folder().path().resolve("log4j2.yaml");
    }

    private Path data() {
        return folder().path().resolve("data");
    }
}
