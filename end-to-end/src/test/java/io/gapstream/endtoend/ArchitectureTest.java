package io.gapstream.endtoend;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the arrows of ARCHITECTURE.md against the compiled classes of every module. What is
 * compared is what the compiler wrote, not what a build file permits. Each rule is also asked
 * whether it matched anything, since one that matches nothing always holds.
 */
final class ArchitectureTest {

  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("gapstream.root"), "gapstream.root"));

  private static final String OURS = "io.gapstream..";

  /** Modules and their package below {@code io.gapstream}. */
  private static final Map<String, String> PACKAGES =
      Map.of(
          "numerics", "numerics",
          "contracts", "contracts",
          "certificate", "certificate",
          "ingest", "ingest",
          "local-stack", "localstack",
          "service-kit", "servicekit",
          "data-generator", "datagenerator",
          "relaxation-service", "relaxation",
          "trainer-service", "trainer",
          "results-service", "results");

  private static final Map<String, JavaClasses> MODULES = new TreeMap<>();

  private static JavaClasses all;

  @BeforeAll
  static void readTheClasses() {
    List<Path> folders = new ArrayList<>();
    for (String module : PACKAGES.keySet()) {
      Path folder = ROOT.resolve(module).resolve("target/classes");
      assertThat(folder).as("Build %s first: ./mvnw verify", module).isDirectory();
      MODULES.put(module, new ClassFileImporter().importPath(folder));
      folders.add(folder);
    }
    all = new ClassFileImporter().importPaths(folders);
  }

  @ParameterizedTest
  @CsvSource({
    "numerics, 40",
    "contracts, 25",
    "certificate, 4",
    "ingest, 5",
    "local-stack, 30",
    "service-kit, 10",
    "data-generator, 20",
    "relaxation-service, 7",
    "trainer-service, 4",
    "results-service, 30"
  })
  void findsTheClassesOfEveryModule(String module, int atLeast) {
    // When
    JavaClasses found = module(module);

    // Then
    assertThat(found).hasSizeGreaterThanOrEqualTo(atLeast);
    assertThat(found)
        .allMatch(type -> type.getPackageName().startsWith("io.gapstream." + PACKAGES.get(module)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          numerics           |
          contracts          |
          ingest             |
          certificate        | contracts numerics
          local-stack        | certificate contracts numerics ingest
          service-kit        | contracts numerics
          data-generator     | contracts numerics ingest service-kit
          relaxation-service | certificate contracts numerics service-kit
          trainer-service    | contracts numerics service-kit
          results-service    | certificate contracts numerics service-kit
          """)
  void dependsOnNoOtherModuleThanItsOwn(String module, String others) {
    // Given
    List<String> permitted = new ArrayList<>(List.of(packageOf(module)));
    for (String other : others == null ? new String[0] : others.split(" ", -1)) {
      permitted.add(packageOf(other));
    }

    // When
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage(packageOf(module))
            .should()
            .dependOnClassesThat(
                resideInAPackage(OURS)
                    .and(not(resideInAnyPackage(permitted.toArray(String[]::new)))));

    // Then
    check(rule, module(module));
  }

  @Test
  void numericsKnowsNoFrameworkAndDoesNoInputOrOutput() {
    // When
    ArchRule frameworks =
        classes()
            .that()
            .resideInAPackage("io.gapstream.numerics..")
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                        "io.gapstream.numerics..",
                        "java.lang..",
                        "java.math..",
                        "java.nio",
                        "java.nio.charset",
                        "java.security..",
                        "java.time..",
                        "java.util..",
                        "jdk.incubator.vector..",
                        "org.apache.commons.rng..",
                        "org.jspecify.annotations..")
                    .or(primitives()));
    ArchRule logging =
        noClasses()
            .that()
            .resideInAPackage("io.gapstream.numerics..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.logging..");

    // Then
    check(frameworks, module("numerics"));
    check(logging, module("numerics"));
  }

  @Test
  void onlyVectorFormsNameTheVectorModuleWhichMayBeAbsent() {
    // When
    ArchRule names =
        noClasses()
            .that()
            .haveNameNotMatching(".*\\.Vector[^.]*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector..");

    // Then
    check(names, all);
    assertThat(all.that(name("io.gapstream.numerics.kernels.VectorProducts"))).hasSize(1);
  }

  @Test
  void theVerifierSharesNoCodeWithTheSolvers() {
    // When
    ArchRule verifier =
        classes()
            .that()
            .resideInAPackage("io.gapstream.numerics.verify..")
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                        "io.gapstream.numerics.verify..",
                        "io.gapstream.numerics.bound..",
                        "java..",
                        "org.jspecify.annotations..")
                    .or(name("io.gapstream.numerics.problem.Problem"))
                    .or(name("io.gapstream.numerics.problem.Network"))
                    // How long a check may take; nothing of what it proves.
                    .or(name("io.gapstream.numerics.Deadline"))
                    .or(name("io.gapstream.numerics.Pace"))
                    .or(name("io.gapstream.numerics.TimeUpException"))
                    .or(primitives()));
    ArchRule whatItStandsOn =
        noClasses()
            .that(
                resideInAPackage("io.gapstream.numerics.bound..")
                    .or(name("io.gapstream.numerics.problem.Problem"))
                    .or(name("io.gapstream.numerics.problem.Network")))
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.gapstream.numerics..")
                    .and(
                        not(
                            resideInAnyPackage(
                                "io.gapstream.numerics.bound..",
                                "io.gapstream.numerics.problem.."))));

    // Then
    check(verifier, module("numerics"));
    check(whatItStandsOn, module("numerics"));
    assertThat(module("numerics").that(resideInAPackage("io.gapstream.numerics.verify..")))
        .hasSizeGreaterThanOrEqualTo(5);
    assertThat(module("numerics").contain("io.gapstream.numerics.problem.Problem")).isTrue();
    assertThat(module("numerics").contain("io.gapstream.numerics.problem.Network")).isTrue();
  }

  /** So that a verdict is the same on every Java: the others may differ in their last bits. */
  @Test
  void theVerifierCallsOnlyFunctionsWhoseResultsAreSpecifiedExactly() {
    // When
    ArchRule rule =
        noClasses()
            .that()
            .resideInAnyPackage("io.gapstream.numerics.verify..", "io.gapstream.certificate..")
            .should()
            .callMethodWhere(
                target(owner(name("java.lang.Math")))
                    .and(
                        target(
                            nameMatching(
                                "sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|exp|expm1|log|log10"
                                    + "|log1p|pow|cbrt|hypot"))));

    // Then
    check(rule, all);
    assertThat(module("numerics").get("io.gapstream.numerics.verify.Rounding"))
        .matches(type -> type.getMethodCallsFromSelf().stream().anyMatch(this::isOfMath));
  }

  private boolean isOfMath(JavaMethodCall call) {
    return call.getTargetOwner().getName().equals("java.lang.Math");
  }

  @Test
  void onlyTheCommandLineOfTheLocalStackComputes() {
    // When
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage("io.gapstream.localstack")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.gapstream.numerics..");

    // Then
    check(rule, module("local-stack"));
  }

  @Test
  void whoeverJudgesACertificateUsesNothingThatMakesOne() {
    // When
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage("io.gapstream.certificate..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.gapstream.numerics..")
                    .and(
                        not(
                            resideInAnyPackage(
                                "io.gapstream.numerics.bound..",
                                "io.gapstream.numerics.data..",
                                "io.gapstream.numerics.problem..",
                                "io.gapstream.numerics.verify.."))));

    // Then
    check(rule, module("certificate"));
  }

  @Test
  void serviceKitUsesOnlyTheProblemOfTheNumerics() {
    // When
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage("io.gapstream.servicekit..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.gapstream.numerics..")
                    .and(not(resideInAPackage("io.gapstream.numerics.problem.."))));

    // Then
    check(rule, module("service-kit"));
  }

  @Test
  void contractsKnowsNothingButJackson() {
    // When
    ArchRule rule =
        classes()
            .that()
            .resideInAPackage("io.gapstream.contracts..")
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                        "io.gapstream.contracts..",
                        "java..",
                        "com.fasterxml.jackson..",
                        "org.jspecify.annotations..")
                    .or(primitives()));

    // Then
    check(rule, module("contracts"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"data-generator", "relaxation-service", "trainer-service", "results-service"})
  void theApplicationKnowsNeitherKafkaNorRest(String module) {
    // Given
    String root = "io.gapstream." + PACKAGES.get(module);

    // When
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage(root + ".application..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    root + ".messaging..",
                    root + ".rest..",
                    "org.apache.kafka..",
                    "org.eclipse.microprofile.reactive..",
                    "io.smallrye.reactive..",
                    "jakarta.ws.rs..",
                    "org.jboss.resteasy..",
                    "io.vertx.."));

    // Then
    check(rule, module(module));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"data-generator", "relaxation-service", "trainer-service", "results-service"})
  void messagingAndRestOnlyTranslate(String module) {
    // Given
    String root = "io.gapstream." + PACKAGES.get(module);

    // When
    ArchRule noMathematics =
        noClasses()
            .that()
            .resideInAnyPackage(root + ".messaging..", root + ".rest..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.gapstream.numerics..")
                    .and(
                        not(
                            resideInAnyPackage(
                                "io.gapstream.numerics.problem..",
                                "io.gapstream.numerics.data.."))));
    ArchRule notRest =
        noClasses()
            .that()
            .resideInAPackage(root + ".messaging..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(root + ".rest..", "jakarta.ws.rs..");

    // Then
    check(noMathematics, module(module));
    check(notRest, module(module));
  }

  @Test
  void theStoreKnowsNobodyWhoUsesIt() {
    // When
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage("io.gapstream.results.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "io.gapstream.results.application..",
                "io.gapstream.results.messaging..",
                "io.gapstream.results.rest..",
                "io.gapstream.numerics..");

    // Then
    check(rule, module("results-service"));
  }

  @Test
  void packagesAreFreeOfCycles() {
    // When
    ArchRule rule = slices().assignedFrom(new EachPackage()).should().beFreeOfCycles();

    // Then
    check(rule, all);
    assertThat(all.stream().map(JavaClass::getPackageName).distinct())
        .hasSizeGreaterThanOrEqualTo(30);
  }

  private static final class EachPackage implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "each package";
    }
  }

  private static void check(ArchRule rule, JavaClasses classes) {
    assertThat(classes).isNotEmpty();
    rule.allowEmptyShould(false).check(classes);
  }

  private static JavaClasses module(String name) {
    return Objects.requireNonNull(MODULES.get(name), name);
  }

  private static String packageOf(String module) {
    return "io.gapstream." + Objects.requireNonNull(PACKAGES.get(module), module) + "..";
  }

  private static DescribedPredicate<JavaClass> primitives() {
    return DescribedPredicate.describe(
        "primitives and their arrays", type -> type.getBaseComponentType().isPrimitive());
  }

  /**
   * Under Turkish rules "TITLE" is not "title" in upper case, and Arabic ones write other digits.
   */
  @Test
  void nothingDependsOnTheLanguageOfThisMachine() {
    // Given
    ArchRule rule =
        noClasses()
            .should()
            .callMethod(String.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(String.class, "formatted", Object[].class)
            .orShould()
            .callMethod(String.class, "toLowerCase")
            .orShould()
            .callMethod(String.class, "toUpperCase");

    // When
    // Then
    rule.check(all);
    assertThat(
            all.stream()
                .flatMap(c -> c.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTarget().getOwner().isEquivalentTo(String.class))
                .filter(call -> call.getName().equals("format")))
        .isNotEmpty();
  }
}
