package dev.polylog.dynamodb;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.dynamodb.DynamoConfig.Given;
import dev.polylog.dynamodb.DynamoConfig.Region;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** Clients that repeat nothing by themselves. Stateless and thread-safe. */
final class DynamoClients {

    private static final int CONNECTIONS = 64;
    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(2);

    private DynamoClients() {}

    /** The client of a configuration; ours to close unless it was given. */
    static DynamoDbClient of(DynamoConfig config) {
        if (config.source() instanceof Given given) {
            refuseRepeating(config, given.client());
            return given.client();
        }
        return make((Region) config.source(), config.callTimeout());
    }

    private static DynamoDbClient make(Region region, Duration callTimeout) {
        Duration connect = callTimeout.compareTo(LONGEST_CONNECT) < 0 ? callTimeout : LONGEST_CONNECT;
        DynamoDbClientBuilder builder = DynamoDbClient.builder()
                .region(software.amazon.awssdk.regions.Region.of(region.region()))
                .credentialsProvider(credentials(region))
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(CONNECTIONS)
                        .connectionTimeout(connect)
                        .connectionAcquisitionTimeout(callTimeout)
                        .tcpKeepAlive(true))
                .overrideConfiguration(override ->
                        override.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(callTimeout));
        URI endpoint = region.endpoint();
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(Region region) {
        String profile = region.profile();
        return profile == null
                ? DefaultCredentialsProvider.builder().build()
                : ProfileCredentialsProvider.create(profile);
    }

    private static void refuseRepeating(DynamoConfig config, DynamoDbClient client) {
        int attempts = client.serviceClientConfiguration()
                .overrideConfiguration()
                .retryStrategy()
                .map(strategy -> strategy.maxAttempts())
                .orElse(Integer.MAX_VALUE);
        if (attempts > 1) {
            throw new InvalidStoreUrl(
                    config.address(),
                    List.of("the client repeats calls by itself, so that what it writes could be written late;"
                            + " build it with overrideConfiguration(o ->"
                            + " o.retryStrategy(AwsRetryStrategy.doNotRetry()))"));
        }
    }
}
