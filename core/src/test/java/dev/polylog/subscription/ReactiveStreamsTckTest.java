package dev.polylog.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.testng.ITestNGListener;
import org.testng.ITestResult;
import org.testng.TestListenerAdapter;
import org.testng.TestNG;

/** Runs the Reactive Streams TCK on the publisher (rule S-09). */
class ReactiveStreamsTckTest {

    /** What the TCK itself leaves out: "untested" rules have no test, and no test of another kind may be left out. */
    private static final String UNTESTED = "untested_";

    @Test
    void the_publisher_passes_every_test_of_the_reactive_streams_tck() {
        TestListenerAdapter listener = new TestListenerAdapter();
        TestNG runner = new TestNG(false);
        runner.setVerbose(0);
        runner.setTestClasses(new Class<?>[] {PublisherVerification.class});
        runner.addListener((ITestNGListener) listener);
        runner.run();
        List<String> failed = new ArrayList<>();
        for (ITestResult result : listener.getFailedTests()) {
            failed.add(result.getName() + ": " + result.getThrowable());
        }
        assertThat(failed).isEmpty();
        assertThat(listener.getSkippedTests().stream().map(ITestResult::getName))
                .allMatch(name -> name.startsWith(UNTESTED));
        assertThat(listener.getPassedTests()).hasSizeGreaterThan(25);
    }
}
