package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.dynamodb.DynamoFailures.Meaning;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.RequestLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** What each failure of the SDK means. */
class DynamoFailuresTest {

    private static RuntimeException service(String code, int status) {
        return DynamoDbException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage("told so")
                        .build())
                .message("told so")
                .statusCode(status)
                .build();
    }

    private static RuntimeException client(Throwable cause) {
        return SdkClientException.builder()
                .message("Unable to execute HTTP request")
                .cause(cause)
                .build();
    }

    @Test
    void what_the_service_says_is_taken_by_its_word() {
        assertThat(DynamoFailures.of(TransactionCanceledException.builder().build()))
                .isEqualTo(Meaning.CANCELLED);
        assertThat(DynamoFailures.of(ConditionalCheckFailedException.builder().build()))
                .isEqualTo(Meaning.CONDITION);
        assertThat(DynamoFailures.of(TransactionConflictException.builder().build()))
                .isEqualTo(Meaning.CONFLICT);
        assertThat(DynamoFailures.of(ResourceNotFoundException.builder().build()))
                .isEqualTo(Meaning.MISSING);
        assertThat(DynamoFailures.of(
                        ProvisionedThroughputExceededException.builder().build()))
                .isEqualTo(Meaning.THROTTLED);
        assertThat(DynamoFailures.of(RequestLimitExceededException.builder().build()))
                .isEqualTo(Meaning.THROTTLED);
        assertThat(DynamoFailures.of(service("ThrottlingException", 400))).isEqualTo(Meaning.THROTTLED);
        assertThat(DynamoFailures.of(service("ValidationException", 400))).isEqualTo(Meaning.REFUSED);
        assertThat(DynamoFailures.of(service("AccessDeniedException", 400))).isEqualTo(Meaning.REFUSED);
        assertThat(DynamoFailures.of(IdempotentParameterMismatchException.builder()
                        .statusCode(400)
                        .build()))
                .isEqualTo(Meaning.REFUSED);
    }

    @Test
    void where_the_service_cannot_tell_nobody_can() {
        assertThat(DynamoFailures.of(InternalServerErrorException.builder().build()))
                .isEqualTo(Meaning.UNKNOWN);
        assertThat(DynamoFailures.of(TransactionInProgressException.builder().build()))
                .isEqualTo(Meaning.UNKNOWN);
        assertThat(DynamoFailures.of(service("ServiceUnavailable", 503))).isEqualTo(Meaning.UNKNOWN);
    }

    @Test
    void an_answer_to_a_part_of_the_request_or_from_somebody_else_is_none() {
        assertThat(DynamoFailures.of(service("SerializationException", 400))).isEqualTo(Meaning.UNKNOWN);
        assertThat(DynamoFailures.of(DynamoDbException.builder().statusCode(400).build()))
                .isEqualTo(Meaning.UNKNOWN);
    }

    @Test
    void silence_is_unknown_unless_the_request_never_left() {
        assertThat(DynamoFailures.of(ApiCallTimeoutException.create(10))).isEqualTo(Meaning.UNKNOWN);
        assertThat(DynamoFailures.of(AbortedException.create("interrupted"))).isEqualTo(Meaning.UNKNOWN);
        assertThat(DynamoFailures.of(client(new SocketTimeoutException("Read timed out"))))
                .isEqualTo(Meaning.UNKNOWN);
        assertThat(DynamoFailures.of(client(new ConnectException("Connection refused"))))
                .isEqualTo(Meaning.NOT_SENT);
        assertThat(DynamoFailures.of(client(new UnknownHostException("nowhere"))))
                .isEqualTo(Meaning.NOT_SENT);
        assertThat(DynamoFailures.of(new IllegalStateException("what is that"))).isEqualTo(Meaning.UNKNOWN);
    }

    @Test
    void messages_name_the_root_of_the_matter() {
        assertThat(DynamoFailures.message(client(new ConnectException("Connection refused"))))
                .contains("Unable to execute HTTP request")
                .contains("Connection refused");
    }
}
