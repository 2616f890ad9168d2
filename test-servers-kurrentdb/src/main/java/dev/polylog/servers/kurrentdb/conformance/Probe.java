package dev.polylog.servers.kurrentdb.conformance;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.kurrent.dbclient.AppendToStreamOptions;
import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.KurrentDBClientSettings;
import io.kurrent.dbclient.KurrentDBConnectionString;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.ReadStreamOptions;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.ResolvedEvent;
import io.kurrent.dbclient.StreamState;
import io.kurrent.dbclient.WriteResult;
import io.kurrent.dbclient.proto.shared.Shared;
import io.kurrent.dbclient.proto.streams.StreamsGrpc;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq.Options;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a conformance test works with: the real client, the bare stubs beside it, and names that nobody used before.
 *
 * <p>Belongs to one test and its thread.
 */
public final class Probe implements AutoCloseable {

    /** How long something may take that must happen. */
    static final long PATIENCE_SECONDS = 30;

    private final String url;
    private final KurrentDBClientSettings settings;
    private final KurrentDBClient client;
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private @Nullable ManagedChannel channel;
    private int names;

    Probe(String url) {
        this.url = url;
        this.settings = KurrentDBConnectionString.parseOrThrow(url);
        this.client = KurrentDBClient.create(settings);
    }

    KurrentDBClient client() {
        return client;
    }

    /** Whether the server writes several streams at once: true from 25.1 on. */
    boolean appendsToSeveralStreams() {
        return await(client.getServerVersion())
                .map(version -> version.isGreaterOrEqualThan(25, 1))
                .orElse(false);
    }

    /** Whether {@code caught_up} says where: from 24.10.5, 25.0.1 and 25.1 on. */
    boolean saysWhereItCaughtUp() {
        return await(client.getServerVersion())
                .map(version -> version.isGreaterThan(25, 0, 0)
                        || (version.getMajor() == 24 && version.isGreaterThan(24, 10, 4)))
                .orElse(false);
    }

    String stream() {
        return "conformance" + run + "-" + ++names;
    }

    static EventData event() {
        return event(UUID.randomUUID());
    }

    static EventData event(UUID id) {
        return EventData.builderAsJson(id, "Tested", "{\"n\":1}".getBytes(StandardCharsets.UTF_8))
                .build();
    }

    static List<EventData> events(int count) {
        List<EventData> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event());
        }
        return events;
    }

    WriteResult append(String stream, StreamState expected, EventData... events) {
        return await(client.appendToStream(
                stream,
                AppendToStreamOptions.get().streamState(expected),
                Arrays.asList(events).iterator()));
    }

    WriteResult append(String stream, StreamState expected, List<EventData> events) {
        return append(stream, expected, events.toArray(EventData[]::new));
    }

    /** Appends so many events to a new stream, and says what it is called. */
    String streamOf(int count) {
        String stream = stream();
        append(stream, StreamState.noStream(), events(count));
        return stream;
    }

    List<RecordedEvent> read(String stream) {
        return read(stream, ReadStreamOptions.get().forwards().fromStart());
    }

    List<RecordedEvent> read(String stream, ReadStreamOptions options) {
        return await(client.readStream(stream, options)).getEvents().stream()
                .map(ResolvedEvent::getOriginalEvent)
                .toList();
    }

    List<RecordedEvent> readAll(ReadAllOptions options) {
        return await(client.readAll(options)).getEvents().stream()
                .map(ResolvedEvent::getOriginalEvent)
                .toList();
    }

    /** The answer, or what went wrong. */
    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private ManagedChannel channel() {
        ManagedChannel open = channel;
        if (open == null) {
            open = Channels.open(settings);
            channel = open;
        }
        return open;
    }

    StreamsGrpc.StreamsBlockingStub blocking() {
        return StreamsGrpc.newBlockingStub(channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(Channels.headers(url)))
                .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    StreamsGrpc.StreamsStub streams() {
        return StreamsGrpc.newStub(channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(Channels.headers(url)))
                .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static Shared.StreamIdentifier identifier(String stream) {
        return Shared.StreamIdentifier.newBuilder()
                .setStreamName(ByteString.copyFromUtf8(stream))
                .build();
    }

    /** The options of a read, with what every read must have. */
    static Options.Builder options() {
        return Options.newBuilder()
                .setUuidOption(Options.UUIDOption.newBuilder().setStructured(Shared.Empty.getDefaultInstance()))
                .setNoFilter(Shared.Empty.getDefaultInstance());
    }

    /** A trailer of a status, or null. */
    static @Nullable String trailer(StatusRuntimeException e, String name) {
        Metadata trailers = e.getTrailers();
        return trailers == null ? null : trailers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    @Override
    public void close() {
        await(client.shutdown());
        if (channel != null) {
            channel.shutdownNow();
        }
    }
}
