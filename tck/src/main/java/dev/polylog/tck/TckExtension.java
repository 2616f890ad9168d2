package dev.polylog.tck;

import dev.polylog.spi.support.BackendContractViolation;
import dev.polylog.tck.report.DeclaredTraits;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Gives each test of the kit its {@link TckContext}, and has the {@link LogAuditor} look at the log after it.
 *
 * <p>The chapters are extended with it; backends' authors never name it. It finds the {@link TckHarness} among the
 * instances around the test. A failure's message begins with the rule and names the seed. Thread-safe.
 */
public final class TckExtension
        implements BeforeEachCallback, AfterEachCallback, ParameterResolver, TestExecutionExceptionHandler {

    /** The configuration parameter that repeats a run's randomness: a whole number. */
    public static final String SEED = "polylog.tck.seed";

    /** The configuration parameter that says how often races are repeated; {@value #DEFAULT_ROUNDS} by default. */
    public static final String ROUNDS = "polylog.tck.rounds";

    /** How often races are repeated by default. */
    public static final int DEFAULT_ROUNDS = 20;

    private static final Namespace NAMESPACE = Namespace.create(TckExtension.class);
    private static final Pattern RULE = Pattern.compile("([a-z])(\\d\\d)_.*");

    /** Made by JUnit. */
    public TckExtension() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        TckHarness harness = context.getRequiredTestInstances()
                .findInstance(TckHarness.class)
                .orElseThrow(() -> new IllegalStateException("no TckHarness around "
                        + context.getRequiredTestClass().getName()
                        + "; nest the chapter in a class that implements it"));
        long seed = context.getConfigurationParameter(SEED)
                .map(Long::parseLong)
                .orElseGet(() -> ThreadLocalRandom.current().nextLong());
        int rounds =
                context.getConfigurationParameter(ROUNDS).map(Integer::parseInt).orElse(DEFAULT_ROUNDS);
        context.publishReportEntry(SEED, String.valueOf(seed));
        TckContext tck = new TckContext(harness, seed, rounds);
        context.getStore(NAMESPACE).put(TckContext.class, tck);
        context.publishReportEntry(DeclaredTraits.of(tck.traits()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TckContext tck = contextOf(context);
        if (tck == null) {
            return; // the harness could not open the log, which is the failure that is reported
        }
        Throwable failure = null;
        try {
            if (context.getExecutionException().isEmpty()) {
                tck.audit();
            }
        } catch (Throwable e) {
            failure = e;
        }
        try {
            tck.closeAll();
        } catch (Throwable e) {
            failure = failure == null ? e : failure;
        }
        if (failure != null) {
            throw explained(context, tck, failure);
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) {
        TckContext tck = contextOf(context);
        throw explained(context, tck, thrown);
    }

    /** The same failure, beginning with the rule that is broken: the test's own, or one that a check beside it found. */
    private static AssertionError explained(ExtensionContext context, @Nullable TckContext tck, Throwable thrown) {
        String test = context.getRequiredTestMethod().getName();
        String own = rule(test);
        String broken = brokenRule(thrown).orElse(own);
        String seed = tck == null ? "" : " (" + SEED + "=" + tck.seed() + ")";
        String where = broken.equals(own) ? "" : ", found by " + test;
        String message = thrown instanceof AssertionError ? thrown.getMessage() : thrown.toString();
        return new AssertionError(broken + where + seed + ": " + message, thrown);
    }

    private static Optional<String> brokenRule(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof BackendContractViolation violation) {
                return Optional.of(violation.rule());
            }
            if (cause instanceof RuleBroken broken) {
                return Optional.of(broken.rule());
            }
        }
        return Optional.empty();
    }

    /** The rule that a test's name begins with: {@code a03_…} is A-03. */
    static String rule(String method) {
        Matcher matcher = RULE.matcher(method);
        return matcher.matches() ? matcher.group(1).toUpperCase(Locale.ROOT) + "-" + matcher.group(2) : method;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TckContext.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Objects.requireNonNull(contextOf(context), "a test runs only after its context was opened");
    }

    private static @Nullable TckContext contextOf(ExtensionContext context) {
        return context.getStore(NAMESPACE).get(TckContext.class, TckContext.class);
    }
}
