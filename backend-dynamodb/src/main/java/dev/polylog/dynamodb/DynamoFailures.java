package dev.polylog.dynamodb;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.RequestLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** The one place that says what a failure of the SDK means. Stateless and thread-safe. */
final class DynamoFailures {

    /** What a failure means. */
    enum Meaning {
        /** A transaction was cancelled; its reasons say why. Nothing was written by it. */
        CANCELLED,
        /** The condition of a single write does not hold; nothing was written. */
        CONDITION,
        /** Another transaction has the item; nothing was done. Later it may be. */
        CONFLICT,
        /** More was asked than the table or the account has; nothing was done. Later it may be. */
        THROTTLED,
        /** The request never left. Later it may. */
        NOT_SENT,
        /** It cannot be told whether anything was done. */
        UNKNOWN,
        /** The table is not there. */
        MISSING,
        /** DynamoDB does not let us, or does not understand; nothing was done, nor will it be. */
        REFUSED;

        /** Whether the same request may succeed later. */
        boolean isPassing() {
            return this == CONFLICT || this == THROTTLED || this == NOT_SENT || this == UNKNOWN;
        }
    }

    private DynamoFailures() {}

    /** What a failure of a call means. */
    static Meaning of(RuntimeException failure) {
        if (failure instanceof TransactionCanceledException) {
            return Meaning.CANCELLED;
        }
        if (failure instanceof ConditionalCheckFailedException) {
            return Meaning.CONDITION;
        }
        if (failure instanceof TransactionConflictException) {
            return Meaning.CONFLICT;
        }
        if (failure instanceof TransactionInProgressException || failure instanceof InternalServerErrorException) {
            return Meaning.UNKNOWN;
        }
        if (failure instanceof ResourceNotFoundException) {
            return Meaning.MISSING;
        }
        if (failure instanceof AwsServiceException service) {
            return ofService(service);
        }
        return neverLeft(failure) ? Meaning.NOT_SENT : Meaning.UNKNOWN;
    }

    private static Meaning ofService(AwsServiceException failure) {
        if (failure instanceof ProvisionedThroughputExceededException
                || failure instanceof RequestLimitExceededException
                || failure.isThrottlingException()) {
            return Meaning.THROTTLED;
        }
        return failure.statusCode() >= 500 || isDamaged(failure) ? Meaning.UNKNOWN : Meaning.REFUSED;
    }

    /** Whether only a part of the request arrived, or somebody between DynamoDB and us answered: it has a code for all it says. */
    private static boolean isDamaged(AwsServiceException failure) {
        boolean unnamed = failure.getClass() == DynamoDbException.class;
        String code = failure.awsErrorDetails() == null
                ? null
                : failure.awsErrorDetails().errorCode();
        return unnamed && (code == null || code.equals("SerializationException"));
    }

    private static boolean neverLeft(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException) {
                return true;
            }
        }
        return false;
    }

    /** Whether DynamoDB said that a permission is missing. */
    static boolean isDenied(RuntimeException failure) {
        return failure instanceof DynamoDbException service && "AccessDeniedException".equals(code(service));
    }

    private static @Nullable String code(DynamoDbException failure) {
        return failure.awsErrorDetails() == null
                ? null
                : failure.awsErrorDetails().errorCode();
    }

    /** What happened, in the words of the service or the driver; they hold no secret. */
    static String message(Throwable failure) {
        String own = Optional.ofNullable(failure.getMessage()).orElse("no message");
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String rootMessage = root.getMessage();
        return root == failure || rootMessage == null || own.contains(rootMessage)
                ? failure.getClass().getSimpleName() + ": " + own
                : failure.getClass().getSimpleName() + ": " + own + " (" + rootMessage + ")";
    }
}
