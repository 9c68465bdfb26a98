package io.gapstream.relaxation.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.Limits;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Origin;
import io.gapstream.contracts.Preprocessing;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.servicekit.DataShape;
import io.gapstream.servicekit.DataShape.Kind;
import io.gapstream.servicekit.DatasetProblem;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.ProgressReporter;
import io.gapstream.servicekit.SafepointProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A budget is a promise: whatever permitted shape the data have, a job ends within its budget plus
 * the larger of a tenth and two seconds, and the virtual machine answers all the while.
 */
final class BudgetGridTest {

  /** Set to run the whole grid, which takes about half an hour. */
  private static final String WHOLE_GRID = "GAPSTREAM_BUDGET_GRID";

  private static final double SHARE_MORE = 0.1;
  private static final double SECONDS_MORE = 2;
  private static final Duration ANSWER = Duration.ofSeconds(1);

  private static final int FEW = 100;
  private static final int MANY = Integer.MAX_VALUE;

  /**
   * @param patterns as many as are permitted, if that is fewer
   */
  private record Job(
      DataShape shape, int patterns, double seconds, List<RelaxationMethod> methods) {

    @Override
    public String toString() {
      return shape + ", " + patterns + " patterns, " + seconds + " s, " + methods;
    }
  }

  static Stream<Job> worstShapes() {
    RelaxationMethod[] all = RelaxationMethod.values();
    return Stream.of(
        job(390, 4999, Kind.GAUSSIAN, FEW, 2, all),
        job(390, 4999, Kind.GAUSSIAN, FEW, 2, RelaxationMethod.LIFTED),
        job(1414, 1413, Kind.GAUSSIAN, FEW, 2, RelaxationMethod.LIFTED),
        job(1414, 1413, Kind.GAUSSIAN, FEW, 2, RelaxationMethod.CONE_DECOMPOSITION),
        job(1414, 1413, Kind.RANK_DEFICIENT, FEW, 2, RelaxationMethod.COLUMN_GENERATION),
        job(500_000, 3, Kind.GAUSSIAN, MANY, 2, all),
        job(500_000, 1, Kind.GAUSSIAN, FEW, 2, all),
        job(181_818, 10, Kind.GAUSSIAN, FEW, 2, RelaxationMethod.LIFTED),
        job(100_000, 19, Kind.GAUSSIAN, FEW, 2, all),
        job(222_222, 8, Kind.GAUSSIAN, FEW, 2, RelaxationMethod.COLUMN_GENERATION),
        job(2_000, 900, Kind.SPARSE, MANY, 2, RelaxationMethod.GATED),
        job(10, 5_000, Kind.NEARLY_CONSTANT, FEW, 2, all),
        job(2, 1, Kind.GAUSSIAN, MANY, 2, all));
  }

  @ParameterizedTest
  @MethodSource("worstShapes")
  void endsWithinItsBudgetOnTheWorstShapes(Job job) {
    assertEndsInTime(job);
  }

  static Stream<Job> grid() {
    int[][] shapes = {
      {2, 1},
      {2, 2},
      {3, 1},
      {1_000, 1},
      {500_000, 1},
      {500_000, 2},
      {500_000, 3},
      {300_000, 5},
      {222_222, 8},
      {200_000, 9},
      {181_818, 10},
      {166_666, 11},
      {153_846, 12},
      {100_000, 19},
      {39_215, 50},
      {19_801, 100},
      {10_000, 199},
      {5_000, 399},
      {2_000, 999},
      {1_414, 1_413},
      {1_000, 1_000},
      {1_001, 1_000},
      {900, 2_000},
      {666, 3_000},
      {500, 3_999},
      {390, 4_999},
      {200, 5_000},
      {50, 5_000},
      {10, 5_000},
      {2, 5_000},
      {2, 1_000},
      {1_000, 12},
      {1_000, 11},
      {300, 8},
      {5_000, 16},
      {100, 100},
      {1_000, 300}
    };
    List<DataShape> data = new ArrayList<>();
    for (int[] shape : shapes) {
      data.add(new DataShape(shape[0], shape[1], Kind.GAUSSIAN));
    }
    for (Kind kind : new Kind[] {Kind.RANK_DEFICIENT, Kind.NEARLY_CONSTANT, Kind.SPARSE}) {
      for (int[] shape : new int[][] {{500_000, 3}, {1_414, 1_413}, {390, 4_999}, {20_000, 11}}) {
        data.add(new DataShape(shape[0], shape[1], kind));
      }
    }
    RelaxationMethod[] all = RelaxationMethod.values();
    Stream<Job> whole =
        data.stream()
            .flatMap(
                shape ->
                    Stream.of(
                        job(shape, FEW, 2, all),
                        job(shape, 1_000, 10, all),
                        job(shape, MANY, 2, all)));
    Stream<Job> single =
        data.stream()
            .flatMap(shape -> Arrays.stream(all).map(method -> job(shape, 1_000, 2, method)));
    return Stream.concat(whole, single);
  }

  @ParameterizedTest
  @MethodSource("grid")
  @EnabledIfEnvironmentVariable(named = WHOLE_GRID, matches = "true")
  void endsWithinItsBudgetOnEveryShape(Job job) {
    assertEndsInTime(job);
  }

  private static void assertEndsInTime(Job job) {
    // Given
    DatasetMessage dataset = dataset(job);
    List<RelaxationMessage> sent = new ArrayList<>();
    RelaxationJob relaxation =
        new RelaxationJob(
            dataset,
            DatasetProblem.of(dataset),
            new RelaxationJob.Settings(Duration.ofSeconds(1), 1L << 30, 2),
            new Environment("test", "17", "localhost", 1),
            new JobControl(),
            message -> {
              sent.add(message);
              return CompletableFuture.completedFuture(null);
            },
            new ProgressReporter(
                dataset.experimentId(), "relaxation-service", System::nanoTime, message -> {}));
    long begun = System.nanoTime();
    try (SafepointProbe probe = new SafepointProbe()) {

      // When
      relaxation.run();

      // Then
      double seconds = (System.nanoTime() - begun) * 1e-9;
      System.out.printf(
          "%s: %.2f s, longest pause %d ms%n", job, seconds, probe.longest().toMillis());
      sent.stream()
          .filter(RelaxationMessage::last)
          .forEach(
              last ->
                  System.out.printf(
                      "  %s %s %s %.2f s %s%n",
                      last.method(),
                      last.status(),
                      last.value(),
                      last.elapsedSeconds(),
                      last.reason()));
      assertThat(seconds)
          .isLessThan(job.seconds() + Math.max(SECONDS_MORE, SHARE_MORE * job.seconds()));
      assertThat(probe.longest()).isLessThan(ANSWER);
    }
    assertThat(sent.stream().filter(RelaxationMessage::last).map(RelaxationMessage::method))
        .containsExactlyInAnyOrderElementsOf(job.methods());
    // A bound from below and one from above are there in any case.
    assertThat(sent)
        .filteredOn(
            message ->
                message.last()
                    && (message.method() == RelaxationMethod.LIFTED
                        || message.method() == RelaxationMethod.COLUMN_GENERATION))
        .allSatisfy(message -> assertThat(message.status()).isNotEqualTo(Status.FAILED));
    assertThat(sent)
        .filteredOn(message -> message.status() == Status.FAILED)
        .allSatisfy(message -> assertThat(message.reason()).containsPattern("[0-9]"));
  }

  private static Job job(
      int n, int d, Kind kind, int patterns, double seconds, RelaxationMethod... methods) {
    return job(new DataShape(n, d, kind), patterns, seconds, methods);
  }

  private static Job job(
      DataShape shape, int patterns, double seconds, RelaxationMethod... methods) {
    long most = Limits.MAX_PATTERN_BITS / (shape.n() + 64L * shape.d());
    return new Job(
        shape, (int) Math.min(Math.min(most, 1_000_000), patterns), seconds, List.of(methods));
  }

  private static DatasetMessage dataset(Job job) {
    DataShape shape = job.shape();
    double[] x = shape.x();
    double[] y = shape.y(x);
    double beta = 0.05 * Math.sqrt(shape.n() * (double) shape.d());
    return DatasetMessage.of(
        null,
        "test",
        Origin.inline(),
        Preprocessing.raw(false),
        NumericArray.matrix(shape.n(), shape.d(), x),
        NumericArray.vector(y),
        DataHash.sha256(shape.n(), shape.d(), x, y),
        beta,
        null,
        20 * beta,
        new RunPlan(
            new RelaxationPlan(job.methods(), job.patterns(), 3, job.seconds()),
            new TrainingPlan(List.of(), List.of(1), List.of(1L), 1, 1)));
  }
}
