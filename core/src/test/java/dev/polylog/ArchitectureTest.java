package dev.polylog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** Who may see whom inside core. */
@AnalyzeClasses(packages = "dev.polylog", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule whatBackendsTouchKnowsNothingOfWhatIsBuiltAboveIt = noClasses()
            .that()
            .resideInAnyPackage("dev.polylog.spi..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.polylog.subscription..", "dev.polylog.internal..", "dev.polylog.memory..");

    @ArchTest
    static final ArchRule theReferenceBackendUsesWhatAnyBackendMayUse = noClasses()
            .that()
            .resideInAPackage("dev.polylog.memory..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.polylog.subscription..", "dev.polylog.internal..");

    @ArchTest
    static final ArchRule coreDependsOnNothingButTheJdkLoggingNullMarksAndJsonStreaming = classes()
            .that()
            .resideInAPackage("dev.polylog..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.polylog..", "java..", "org.slf4j..", "org.jspecify..", "com.fasterxml.jackson.core..");

    @ArchTest
    static final ArchRule nobodyReadsTheClockOrSleepsBesideTheScheduler = noClasses()
            .that()
            .resideInAPackage("dev.polylog.internal..")
            .and()
            .doNotHaveSimpleName("SystemScheduler")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule supportPackagesFormNoCycle =
            slices().matching("dev.polylog.spi.(*)..").should().beFreeOfCycles();
}
