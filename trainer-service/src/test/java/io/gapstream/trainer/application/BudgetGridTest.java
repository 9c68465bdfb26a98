package io.gapstream.trainer.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.Limits;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Origin;
import io.gapstream.contracts.Preprocessing;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.contracts.TrainingMethod;
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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A budget is a promise: whatever permitted shape the data and the network have, a job ends within
 * its budget plus the larger of a tenth and two seconds, and the virtual machine answers all the
 * while.
 */
final class BudgetGridTest {

  /** Set to run the whole grid, which takes about half an hour. */
  private static final String WHOLE_GRID = "GAPSTREAM_BUDGET_GRID";

  private static final double SHARE_MORE = 0.1;
  private static final double SECONDS_MORE = 2;
  private static final Duration ANSWER = Duration.ofSeconds(1);

  private static final int NARROW = 20;
  private static final int WIDEST = Integer.MAX_VALUE;
  private static final int STEPS = 1_000_000;

  private record Job(
      DataShape shape, int width, int seeds, double seconds, List<TrainingMethod> methods) {

    @Override
    public String toString() {
      return shape + ", width " + width + ", " + seeds + " seeds, " + seconds + " s, " + methods;
    }
  }

  static Stream<Job> worstShapes() {
    TrainingMethod[] all = TrainingMethod.values();
    return Stream.of(
        job(390, 4_999, Kind.GAUSSIAN, WIDEST, 2, all),
        job(500_000, 3, Kind.GAUSSIAN, WIDEST, 2, all),
        job(500_000, 3, Kind.GAUSSIAN, NARROW, 2, TrainingMethod.SGD_MOMENTUM),
        job(1_414, 1_413, Kind.RANK_DEFICIENT, WIDEST, 2, TrainingMethod.LBFGS),
        job(1_414, 1_413, Kind.GAUSSIAN, 200, 2, TrainingMethod.ADAM),
        job(2, 5_000, Kind.NEARLY_CONSTANT, WIDEST, 2, all),
        job(2, 1, Kind.GAUSSIAN, WIDEST, 2, all),
        new Job(
            new DataShape(100_000, 19, Kind.GAUSSIAN),
            100,
            1_000,
            2,
            List.of(TrainingMethod.ADAM)));
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
      {1_000, 1},
      {500_000, 1},
      {500_000, 3},
      {222_222, 8},
      {100_000, 19},
      {39_215, 50},
      {19_801, 100},
      {10_000, 199},
      {2_000, 999},
      {1_414, 1_413},
      {666, 3_000},
      {390, 4_999},
      {50, 5_000},
      {10, 5_000},
      {2, 5_000}
    };
    TrainingMethod[] all = TrainingMethod.values();
    return Stream.of(shapes)
        .flatMap(
            shape ->
                Stream.of(NARROW, 1_000, WIDEST)
                    .flatMap(
                        width ->
                            Stream.of(
                                job(shape[0], shape[1], Kind.GAUSSIAN, width, 2, all),
                                job(shape[0], shape[1], Kind.SPARSE, width, 10, all))));
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
    List<TrainingMessage> sent = new ArrayList<>();
    TrainingJob training =
        new TrainingJob(
            dataset,
            DatasetProblem.of(dataset),
            new Environment("test", "17", "localhost", 1),
            new JobControl(),
            message -> {
              sent.add(message);
              return CompletableFuture.completedFuture(null);
            },
            new ProgressReporter(
                dataset.experimentId(), "trainer-service", System::nanoTime, message -> {}));
    long begun = System.nanoTime();
    try (SafepointProbe probe = new SafepointProbe()) {

      // When
      training.run();

      // Then
      double seconds = (System.nanoTime() - begun) * 1e-9;
      System.out.printf(
          "%s: %.2f s, longest pause %d ms%n", job, seconds, probe.longest().toMillis());
      sent.stream()
          .limit(8)
          .forEach(
              result ->
                  System.out.printf(
                      "  %s %s %s %.2f s %s%n",
                      result.method(),
                      result.status(),
                      result.value(),
                      result.elapsedSeconds(),
                      result.reason()));
      assertThat(seconds)
          .isLessThan(job.seconds() + Math.max(SECONDS_MORE, SHARE_MORE * job.seconds()));
      assertThat(probe.longest()).isLessThan(ANSWER);
    }
    assertThat(sent)
        .extracting(TrainingMessage::run)
        .containsExactlyElementsOf(dataset.plan().training().runs());
    assertThat(sent)
        .filteredOn(message -> message.status() == Status.FAILED)
        .allSatisfy(message -> assertThat(message.reason()).containsPattern("[0-9]"));
  }

  /**
   * @param width as large as is permitted, if that is smaller
   */
  private static Job job(
      int n, int d, Kind kind, int width, double seconds, TrainingMethod... methods) {
    long most = Math.min(1_000_000, Limits.MAX_NETWORK_VALUES / (d + 1L));
    return new Job(
        new DataShape(n, d, kind), (int) Math.min(most, width), 1, seconds, List.of(methods));
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
            new RelaxationPlan(List.of(), 1, 1, 1),
            new TrainingPlan(
                job.methods(),
                List.of(job.width()),
                LongStream.rangeClosed(1, job.seeds()).boxed().toList(),
                STEPS,
                job.seconds())));
  }
}
