package dev.polylog.servers.kurrentdb;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Value;
import com.google.rpc.Code;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.kurrentdb.log.Change;
import dev.polylog.servers.kurrentdb.log.Database;
import dev.polylog.servers.kurrentdb.log.Outcome;
import dev.polylog.servers.kurrentdb.log.Proposal;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.kurrentdb.protocol.v2.streams.AppendRecord;
import io.kurrentdb.protocol.v2.streams.AppendRequest;
import io.kurrentdb.protocol.v2.streams.AppendResponse;
import io.kurrentdb.protocol.v2.streams.AppendSessionResponse;
import io.kurrentdb.protocol.v2.streams.SchemaFormat;
import io.kurrentdb.protocol.v2.streams.StreamsServiceGrpc;
import io.kurrentdb.protocol.v2.streams.errors.AppendRecordSizeExceededErrorDetails;
import io.kurrentdb.protocol.v2.streams.errors.AppendTransactionSizeExceededErrorDetails;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The second protocol's {@code AppendSession}: several streams, all or nothing, on the leader only.
 *
 * <p>The same stream twice, in any case of letters, is ABORTED; no records, an id that is no UUID, and a type with other
 * characters than {@code a-zA-Z0-9_.$:-} are INVALID_ARGUMENT. Properties are kept and read back as JSON, with
 * {@code $schema.name} and {@code $schema.format} added. Where every stream has its events already, the answer is that of
 * the first time with the greatest position; where only some have, it is INTERNAL. Thread-safe.
 */
final class SessionCalls extends StreamsServiceGrpc.StreamsServiceImplBase {

    private static final Pattern TYPE = Pattern.compile("[a-zA-Z0-9_.$:-]+");
    private static final JsonMapper JSON = new JsonMapper();

    private final Database database;
    private final KurrentVersion version;
    private final Standing standing;
    private final Gate gate;

    SessionCalls(Database database, KurrentVersion version, Standing standing, Gate gate) {
        this.database = database;
        this.version = version;
        this.standing = standing;
        this.gate = gate;
    }

    /** The streams of one session. */
    private static final class Session implements Collector.Parts<AppendRequest> {

        final List<Proposal> proposals = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();
        private final KurrentVersion version;
        private long bytes;

        Session(KurrentVersion version) {
            this.version = version;
        }

        @Override
        public void add(AppendRequest request) {
            if (!seen.add(request.getStream().toLowerCase(Locale.ROOT))) {
                throw Refusals.twiceInSession(request.getStream());
            }
            if (request.getRecordsCount() == 0 || request.getStream().isEmpty()) {
                throw Refusals.invalid("an append needs a stream and records");
            }
            List<Proposal.Event> events = new ArrayList<>();
            for (AppendRecord appended : request.getRecordsList()) {
                events.add(event(request.getStream(), appended));
            }
            proposals.add(new Proposal(
                    request.getStream(),
                    request.hasExpectedRevision() ? request.getExpectedRevision() : Proposal.ANY,
                    events));
        }

        private Proposal.Event event(String stream, AppendRecord appended) {
            String type = appended.getSchema().getName();
            if (!TYPE.matcher(type).matches()) {
                throw Refusals.invalid("the schema name '" + type + "' is not valid");
            }
            boolean json = appended.getSchema().getFormat() == SchemaFormat.SCHEMA_FORMAT_JSON;
            if (!json && appended.getSchema().getFormat() != SchemaFormat.SCHEMA_FORMAT_BYTES) {
                throw Refusals.unimplemented("another format than JSON and BYTES");
            }
            Proposal.Event event = new Proposal.Event(
                    id(appended),
                    type,
                    json,
                    metadata(appended.getPropertiesMap(), type, json),
                    appended.getData().toByteArray());
            limit(stream, event);
            return event;
        }

        private void limit(String stream, Proposal.Event event) {
            if (event.limitedSize() > version.maxEventBytes()) {
                throw Refusals.detailed(
                        Code.INVALID_ARGUMENT,
                        "The size of record " + event.id() + " exceeds " + version.maxEventBytes(),
                        AppendRecordSizeExceededErrorDetails.newBuilder()
                                .setStream(stream)
                                .setRecordId(event.id().toString())
                                .setSize((int) event.limitedSize())
                                .setMaxSize(version.maxEventBytes())
                                .build());
            }
            bytes += event.limitedSize();
            if (bytes > version.maxAppendBytes()) {
                throw Refusals.detailed(
                        Code.ABORTED,
                        "The total size of the append session exceeds " + version.maxAppendBytes(),
                        AppendTransactionSizeExceededErrorDetails.newBuilder()
                                .setSize((int) bytes)
                                .setMaxSize(version.maxAppendBytes())
                                .build());
            }
        }

        private static UUID id(AppendRecord appended) {
            try {
                return UUID.fromString(appended.getRecordId());
            } catch (IllegalArgumentException e) {
                throw Refusals.invalid("the record id '" + appended.getRecordId() + "' is not a UUID");
            }
        }

        private static byte[] metadata(Map<String, Value> properties, String type, boolean json) {
            ObjectNode metadata = JSON.createObjectNode();
            properties.forEach((name, value) -> {
                if (!value.hasStringValue()) {
                    throw Refusals.unimplemented("a property that is no text");
                }
                metadata.put(name, value.getStringValue());
            });
            metadata.put("$schema.name", type);
            metadata.put("$schema.format", json ? "Json" : "Bytes");
            return metadata.toString().getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    public StreamObserver<AppendRequest> appendSession(StreamObserver<AppendSessionResponse> client) {
        return new Collector<>(client, new Session(version), session -> {
            requireLeader();
            if (session.proposals.isEmpty()) {
                throw Status.FAILED_PRECONDITION
                        .withDescription("the append session has no requests")
                        .asRuntimeException();
            }
            Outcome outcome = database.commit(new Change.Append(session.proposals));
            gate.pass();
            client.onNext(answer(session.proposals, outcome));
            client.onCompleted();
        });
    }

    private void requireLeader() {
        if (!standing.isLeader()) {
            ServerAddress leader = standing.leader();
            throw leader == null ? Refusals.noLeader() : Refusals.notLeaderInSession(leader);
        }
    }

    private static AppendSessionResponse answer(List<Proposal> proposals, Outcome outcome) {
        if (outcome instanceof Outcome.WrongVersion wrong) {
            throw Refusals.conflictOfSession(
                    wrong.proposal().stream(), wrong.proposal().expected(), wrong.current());
        }
        if (outcome instanceof Outcome.Deleted deleted) {
            throw Refusals.tombstonedInSession(deleted.stream());
        }
        if (outcome instanceof Outcome.Mixed) {
            throw Status.INTERNAL
                    .withDescription("some streams have the records already and some do not")
                    .asRuntimeException();
        }
        Outcome.Done done = (Outcome.Done) outcome;
        AppendSessionResponse.Builder response =
                AppendSessionResponse.newBuilder().setPosition(done.position());
        for (int i = 0; i < proposals.size(); i++) {
            response.addOutput(AppendResponse.newBuilder()
                    .setStream(proposals.get(i).stream())
                    .setStreamRevision(done.lastRevisions().get(i)));
        }
        return response.build();
    }
}
