package io.gapstream.datagenerator.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Generator;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.Labels;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Origin;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.contracts.TrainingPrecision;
import io.gapstream.numerics.data.Data;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From an order to a dataset. The oracles are closed forms: in one dimension tau is a maximum over
 * two directions, worked out by hand below; the id was computed by another program, in another
 * language, from the description of its form.
 */
final class ExperimentsTest {

  private static final RunPlan PLAN =
      new RunPlan(
          new RelaxationPlan(List.of(RelaxationMethod.LIFTED, RelaxationMethod.GATED), 200, 1, 30),
          new TrainingPlan(
              List.of(TrainingMethod.ADAM), List.of(100), List.of(1L, 2L, 3L), 2000, 30));
  private static final Penalty HALF = new Penalty.Fraction(0.5);
  private static final Source THREE_POINTS =
      Source.Given.inline(new Data(3, 1, new double[] {1, 2, -1}, new double[] {1, 1, 2}));

  private final Experiments experiments = new Experiments();

  @Test
  void resolvesAFractionOfBetaMax() {
    // Given
    // u = 1 gives 1 + 2 = 3, u = -1 gives 2; with the opposite sign of y both are negative.
    Order order = raw("three points", THREE_POINTS);
    // When
    DatasetMessage dataset = experiments.prepare(order);
    // Then
    assertThat(dataset.betaMax()).isCloseTo(3, within(1e-12));
    assertThat(dataset.beta()).isEqualTo(0.5 * dataset.betaMax());
    assertThat(dataset.betaFraction()).isEqualTo(0.5);
  }

  @Test
  void findsBetaMaxOfDependentColumnsAndOfMoreColumnsThanRows() {
    // Given: every column four times, so that each row is twice as long
    double[] x = new double[12];
    for (int k = 0; k < 12; k++) {
      x[k] = new double[] {1, 2, -1}[k / 4];
    }
    Source four = Source.Given.inline(new Data(3, 4, x, new double[] {1, 1, 2}));
    // When
    DatasetMessage dataset = experiments.prepare(raw("four columns", four));
    // Then: and the data are published as they are
    assertThat(dataset.betaMax()).isCloseTo(6, within(1e-12));
    assertThat(dataset.x().values()).isEqualTo(x);
  }

  @Test
  void takesAnAbsoluteBetaAsItIs() {
    // Given
    Order order = new Order("a", null, THREE_POINTS, false, false, new Penalty.Absolute(0.7), PLAN);
    // When
    DatasetMessage dataset = experiments.prepare(order);
    // Then
    assertThat(dataset.beta()).isEqualTo(0.7);
    assertThat(dataset.betaFraction()).isNull();
    assertThat(dataset.betaMax()).isCloseTo(3, within(1e-12));
  }

  @Test
  void derivesTheIdFromTheContentByThePublishedForm() {
    // When
    DatasetMessage dataset = experiments.prepare(raw("three points", THREE_POINTS));
    // Then
    assertThat(dataset.sha256())
        .isEqualTo("62e0a7270d0a238fe438242e7491de0f3b70c44696b98ac411e96dfce136e4aa");
    assertThat(dataset.experimentId()).isEqualTo("1b8107541a1311a9ed9c5f48eea945cc");
  }

  @Test
  void givesTheSameDatasetForTheSameOrder() {
    // Given
    Order order = raw("generated", generated(Labels.TEACHER, 7));
    // When
    DatasetMessage first = experiments.prepare(order);
    DatasetMessage second = new Experiments().prepare(order);
    // Then
    assertThat(MessageJson.write(second)).isEqualTo(MessageJson.write(first));
  }

  private static RunPlan adam(@Nullable TrainingPrecision precision, @Nullable Integer batchRows) {
    TrainingPlan plan = PLAN.training();
    return new RunPlan(
        PLAN.relaxation(),
        new TrainingPlan(
            plan.methods(),
            plan.widths(),
            plan.seeds(),
            plan.steps(),
            plan.budgetSeconds(),
            precision,
            batchRows));
  }

  static Stream<Order> ordersWithOtherLabels() {
    Source asFile =
        Source.Given.upload(
            "t.csv",
            new Data(3, 1, new double[] {1, 2, -1}, new double[] {1, 1, 2}),
            List.of("x"),
            "y");
    return Stream.of(
        raw("b", THREE_POINTS),
        new Order("a", "study", THREE_POINTS, false, false, HALF, PLAN),
        raw("a", asFile));
  }

  @ParameterizedTest
  @MethodSource("ordersWithOtherLabels")
  void givesTheSameIdWhateverTheLabels(Order order) {
    // When
    DatasetMessage dataset = experiments.prepare(order);
    // Then
    assertThat(dataset.experimentId())
        .isEqualTo(experiments.prepare(raw("a", THREE_POINTS)).experimentId());
  }

  static Stream<Order> ordersThatDiffer() {
    Source given = THREE_POINTS;
    Source otherData =
        Source.Given.inline(new Data(3, 1, new double[] {1, 2, -1}, new double[] {1, 1, 2.5}));
    RunPlan otherPlan =
        new RunPlan(PLAN.relaxation(), new TrainingPlan(List.of(), List.of(), List.of(), 1, 1));
    return Stream.of(
        raw("a", given),
        raw("a", otherData),
        new Order("a", null, given, true, false, HALF, PLAN),
        new Order("a", null, given, false, true, HALF, PLAN),
        new Order("a", null, given, false, false, new Penalty.Fraction(0.25), PLAN),
        new Order("a", null, given, false, false, new Penalty.Absolute(0.5), PLAN),
        new Order("a", null, given, false, false, HALF, otherPlan),
        new Order("a", null, given, false, false, HALF, adam(TrainingPrecision.FLOAT32, null)),
        new Order("a", null, given, false, false, HALF, adam(TrainingPrecision.FLOAT64, null)),
        new Order("a", null, given, false, false, HALF, adam(null, 2)),
        raw("a", generated(Labels.TEACHER, 7)),
        raw("a", generated(Labels.TEACHER, 8)),
        raw("a", generated(Labels.NOISE, 7)));
  }

  @Test
  void givesEveryDifferentOrderAnIdOfItsOwn() {
    // Given
    List<Order> orders = ordersThatDiffer().toList();
    // When
    List<String> ids =
        orders.stream().map(order -> experiments.prepare(order).experimentId()).toList();
    // Then
    assertThat(ids).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("ordersThatDiffer")
  void saysInTheMessageWhatWasAskedFor(Order order) {
    // When
    DatasetMessage dataset = experiments.prepare(order);
    // Then
    assertThat(dataset.name()).isEqualTo(order.name());
    assertThat(dataset.studyId()).isEqualTo(order.studyId());
    assertThat(dataset.origin()).isEqualTo(order.source().origin());
    assertThat(dataset.plan()).isEqualTo(order.plan());
    assertThat(dataset.preprocessing().standardized()).isEqualTo(order.standardize());
    assertThat(dataset.preprocessing().bias()).isEqualTo(order.bias());
    assertThat(dataset.d()).isEqualTo(order.source().d() + (order.bias() ? 1 : 0));
  }

  @Test
  void keepsWhatUndoesTheStandardization() {
    // Given
    double[] x = {1, 10, 2, 30, 4, 80, 9, 60};
    double[] y = {3, 1, 4, 1};
    Source source = Source.Given.inline(new Data(4, 2, x, y));
    // When
    DatasetMessage dataset =
        experiments.prepare(new Order("a", null, source, true, true, HALF, PLAN));
    // Then
    assertThat(dataset.d()).isEqualTo(3);
    double[] means = values(dataset.preprocessing().featureMeans());
    double[] scales = values(dataset.preprocessing().featureScales());
    assertThat(means).containsExactly(new double[] {4, 45}, within(1e-12));
    for (int i = 0; i < 4; i++) {
      for (int k = 0; k < 2; k++) {
        double standardized = dataset.x().values()[i * 3 + k];
        assertThat(standardized * scales[k] + means[k]).isCloseTo(x[i * 2 + k], within(1e-12));
      }
      assertThat(dataset.x().values()[i * 3 + 2]).isEqualTo(1);
      assertThat(
              dataset.y().values()[i]
                      * Objects.requireNonNull(dataset.preprocessing().targetScale())
                  + Objects.requireNonNull(dataset.preprocessing().targetMean()))
          .isCloseTo(y[i], within(1e-12));
    }
  }

  @Test
  void publishesGeneratedDataRaw() {
    // When
    DatasetMessage dataset = experiments.prepare(raw("a", generated(Labels.NOISE, 7)));
    // Then
    assertThat(dataset.preprocessing().featureMeans()).isNull();
    assertThat(dataset.n()).isEqualTo(40);
    assertThat(dataset.d()).isEqualTo(3);
    assertThat(dataset.origin().kind()).isEqualTo(Origin.Kind.GENERATOR);
  }

  @Test
  void namesAConstantColumnOfAFile() {
    // Given
    Source source =
        Source.Given.upload(
            "t.csv",
            new Data(2, 2, new double[] {1, 5, 2, 5}, new double[] {1, 2}),
            List.of("age", "bmi"),
            "target");
    // When
    // Then
    assertThatThrownBy(
            () -> experiments.prepare(new Order("a", null, source, true, true, HALF, PLAN)))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refusal -> {
              assertThat(refusal.column()).isEqualTo("bmi");
              assertThat(refusal.file()).isEqualTo("t.csv");
            })
        .hasMessage(
            "t.csv: the column 'bmi' is 5.0 in every row, so it cannot be standardised; remove the"
                + " column or give standardize=false.");
  }

  @Test
  void namesAConstantTarget() {
    // Given
    Source source = Source.Given.inline(new Data(2, 1, new double[] {1, 2}, new double[] {7, 7}));
    // When
    // Then
    assertThatThrownBy(
            () -> experiments.prepare(new Order("a", null, source, true, true, HALF, PLAN)))
        .hasMessage(
            "the target 'y' is 7.0 in every row, so it cannot be standardised; choose another"
                + " target or give standardize=false.");
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "0, 1"})
  void refusesDataThatNoNetworkFitsBetterThanZero(double x, double y) {
    // Given
    Source source = Source.Given.inline(new Data(2, 1, new double[] {x, -x}, new double[] {y, y}));
    // When
    // Then
    assertThatThrownBy(() -> experiments.prepare(raw("a", source)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("No network fits the target better than zero");
  }

  static Stream<Arguments> magnitudesOutOfRange() {
    double[] x = {1, 2, -1, 0.5};
    double[] y = {1, 1, 2, -1};
    double[] outlier = {1, 1e300, -1, 0.5};
    return Stream.of(
        Arguments.of(x, y, new Penalty.Fraction(1e-300), "vanishes beside"),
        Arguments.of(x, y, new Penalty.Absolute(1e-120), "vanishes beside"),
        Arguments.of(x, y, new Penalty.Absolute(Double.MIN_VALUE), "vanishes beside"),
        Arguments.of(scaled(x, 1e-200), y, new Penalty.Fraction(1e-200), "beta is 0.0 once"),
        Arguments.of(x, scaled(y, 1e300), new Penalty.Fraction(1e-1), "square cannot be written"),
        Arguments.of(x, scaled(y, 1e-300), new Penalty.Fraction(1e-1), "square cannot be written"),
        Arguments.of(outlier, y, new Penalty.Fraction(0.1), "cannot be written in float64"),
        Arguments.of(scaled(x, 1e300), y, new Penalty.Fraction(0.1), "cannot be written"),
        Arguments.of(scaled(x, 1e300), scaled(y, 1e300), new Penalty.Fraction(0.1), "too large"),
        Arguments.of(x, outlier, new Penalty.Fraction(0.1), "square cannot be written"));
  }

  @ParameterizedTest
  @MethodSource("magnitudesOutOfRange")
  void refusesMagnitudesThatNoMethodCanWorkWith(
      double[] x, double[] y, Penalty penalty, String reason) {
    // Given
    Source source = Source.Given.inline(new Data(4, 1, x, y));
    // When
    // Then
    assertThatThrownBy(
            () -> experiments.prepare(new Order("a", null, source, false, false, penalty, PLAN)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(reason)
        .hasMessageEndingWith(".");
  }

  private static double[] scaled(double[] values, double factor) {
    return Arrays.stream(values).map(value -> value * factor).toArray();
  }

  @Test
  void refusesOneRow() {
    // Given
    Source source = Source.Given.inline(new Data(1, 1, new double[] {1}, new double[] {1}));
    // When
    // Then
    assertThatThrownBy(() -> experiments.prepare(raw("a", source)))
        .isInstanceOf(RefusedException.class)
        .hasMessage("1 row is too few; give at least two.");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesAWeightThatIsNotPositive(double weight) {
    // When
    // Then
    assertThatThrownBy(() -> new Penalty.Absolute(weight))
        .hasMessage("beta is " + weight + "; it must be a finite number above 0.");
    assertThatThrownBy(() -> new Penalty.Fraction(weight))
        .hasMessage("betaFraction is " + weight + "; it must be a finite number above 0.");
  }

  @ParameterizedTest
  @CsvSource({
    "500001, 1, false",
    "100000, 20, false",
    "100000, 19, true",
    "2, 1000000, false",
    "2, 5001, false",
    "2, 5000, true",
    "2, 9223372036854775000, true"
  })
  void refusesASizeAboveTheLimits(long n, long d, boolean bias) {
    // When
    // Then
    assertThatThrownBy(() -> Experiments.checkSize(n, d, bias))
        .isInstanceOfSatisfying(
            RefusedException.class, refusal -> assertThat(refusal.tooLarge()).isTrue());
  }

  @ParameterizedTest
  @CsvSource({
    "500000, 3, false",
    "100000, 19, false",
    "100000, 18, true",
    "2, 1, true",
    "2, 5000, false",
    "2, 4999, true"
  })
  void takesASizeAtTheLimits(long n, long d, boolean bias) {
    // When
    Experiments.checkSize(n, d, bias);
    // Then
    assertThat(n * (d + (bias ? 2 : 1))).isLessThanOrEqualTo(2_000_000);
  }

  @Test
  void refusesABlankName() {
    // When
    // Then
    assertThatThrownBy(() -> experiments.prepare(raw(" ", THREE_POINTS)))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("name is blank");
  }

  @Test
  void refusesNoiseThatLeavesTheRange() {
    // Given
    Source source = new Source.Generated(new Generator(40, 3, Labels.TEACHER, 5, 1e308, 7));
    // When
    // Then
    assertThatThrownBy(() -> experiments.prepare(raw("a", source)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("Infinity");
  }

  @Test
  void makesMessagesThatComeThroughJsonUnchanged() {
    // Given
    DatasetMessage dataset =
        experiments.prepare(
            new Order("größe 数", "s", generated(Labels.TEACHER, 7), true, true, HALF, PLAN));
    // When
    byte[] json = MessageJson.write(dataset);
    // Then
    assertThat(MessageJson.read(json, DatasetMessage.class)).isEqualTo(dataset);
    assertThat(new String(json, StandardCharsets.UTF_8)).contains("größe 数");
  }

  private static Order raw(String name, Source source) {
    return new Order(name, null, source, false, false, HALF, PLAN);
  }

  private static Source generated(Labels labels, long seed) {
    return new Source.Generated(new Generator(40, 3, labels, 5, 0.1, seed));
  }

  private static double[] values(@Nullable NumericArray array) {
    return Objects.requireNonNull(array).values();
  }
}
