package dev.polylog.servers.kurrentdb.conformance;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.kurrent.dbclient.Endpoint;
import io.kurrent.dbclient.KurrentDBClientSettings;
import java.io.File;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Connections for the bare stubs, made from the client's own settings. Stateless and thread-safe. */
final class Channels {

    private static final int MAX_MESSAGE_BYTES = 17 << 20;

    private static final Pattern USER_INFO = Pattern.compile("//([^@/]+)@");

    private Channels() {}

    static ManagedChannel open(KurrentDBClientSettings settings) {
        Endpoint host = settings.getHosts()[0];
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress(host.getHost(), host.getPort()).maxInboundMessageSize(MAX_MESSAGE_BYTES);
        if (!settings.isTls()) {
            return builder.usePlaintext().build();
        }
        try {
            SslContextBuilder tls = GrpcSslContexts.forClient();
            if (settings.getTlsCaFile() != null) {
                tls.trustManager(new File(settings.getTlsCaFile()));
            } else if (!settings.isTlsVerifyCert()) {
                tls.trustManager(InsecureTrustManagerFactory.INSTANCE);
            }
            return builder.sslContext(tls.build()).build();
        } catch (SSLException e) {
            throw new IllegalStateException("TLS cannot be set up as the connection string says", e);
        }
    }

    /** The credentials of a connection string, as a header. */
    static Metadata headers(String url) {
        Metadata headers = new Metadata();
        Matcher user = USER_INFO.matcher(url);
        if (user.find()) {
            String both = URLDecoder.decode(user.group(1), StandardCharsets.UTF_8);
            headers.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII)));
        }
        return headers;
    }
}
