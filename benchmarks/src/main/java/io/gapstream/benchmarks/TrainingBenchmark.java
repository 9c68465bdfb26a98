package io.gapstream.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gradient.Precision;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import io.gapstream.numerics.training.Training;
import io.gapstream.numerics.training.TrainingResult;
import io.gapstream.numerics.training.TrainingSettings;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/**
 * Prints a table of how long a step of training takes on Gaussian data with teacher labels and a
 * tenth of betaMax, in either precision: medians of the wall clock and of the processor time of all
 * threads together, which a busy machine disturbs less. What a run does once, as far as a run of
 * one step does it too, is taken off. The first run is not counted: the virtual machine compiles in
 * it.
 */
public final class TrainingBenchmark {

  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private TrainingBenchmark() {}

  /**
   * Runs the cases.
   *
   * @param arguments {@code method repetitions n:d:width:steps ...}
   */
  public static void main(String[] arguments) {
    if (arguments.length < 3) {
      System.err.println("Arguments: method repetitions n:d:width:steps ...");
      System.exit(2);
    }
    TrainingSettings.Method method =
        TrainingSettings.Method.valueOf(arguments[0].replace('-', '_').toUpperCase(Locale.ROOT));
    int repetitions = Integer.parseInt(arguments[1]);
    System.out.println("| n, d, m | precision | steps | value | ms a step | processor ms |");
    System.out.println("|---|---|---|---|---|---|");
    for (String size : Arrays.copyOfRange(arguments, 2, arguments.length)) {
      String[] parts = size.split(":", -1);
      int n = Integer.parseInt(parts[0]);
      int d = Integer.parseInt(parts[1]);
      int width = Integer.parseInt(parts[2]);
      int steps = Integer.parseInt(parts[3]);
      Data data = GaussianData.teacher(n, d, 5, 0.1, 0);
      double beta = 0.1 * LocalAscent.betaMax(n, d, data.x(), data.y());
      Problem problem = new Problem(n, d, data.x(), data.y(), beta);
      for (Precision precision : Precision.values()) {
        measure(problem, method, width, steps, precision, repetitions);
      }
    }
  }

  private static void measure(
      Problem problem,
      TrainingSettings.Method method,
      int width,
      int steps,
      Precision precision,
      int repetitions) {
    double[] wall = new double[repetitions];
    double[] processor = new double[repetitions];
    Cost whole = run(problem, method, width, steps, precision);
    for (int i = 0; i < repetitions; i++) {
      Cost once = run(problem, method, width, 1, precision);
      whole = run(problem, method, width, steps, precision);
      long more = whole.result().steps() - once.result().steps();
      wall[i] = (whole.wallNanos() - once.wallNanos()) * 1e-6 / more;
      processor[i] = (whole.processorNanos() - once.processorNanos()) * 1e-6 / more;
    }
    Arrays.sort(wall);
    Arrays.sort(processor);
    System.out.printf(
        Locale.ROOT,
        "| %d, %d, %d | %s | %d | %.6g | %.3f | %.3f |%n",
        problem.n(),
        problem.d(),
        width,
        precision.name().toLowerCase(Locale.ROOT),
        whole.result().steps(),
        whole.result().value(),
        wall[repetitions / 2],
        processor[repetitions / 2]);
  }

  private record Cost(TrainingResult result, long wallNanos, long processorNanos) {}

  private static Cost run(
      Problem problem, TrainingSettings.Method method, int width, int steps, Precision precision) {
    TrainingSettings settings =
        new TrainingSettings(method, width, 0, steps, TrainingSettings.OWN_BATCH, precision);
    long wall = System.nanoTime();
    long processor = MACHINE.getProcessCpuTime();
    TrainingResult result = Training.run(problem, settings, Deadline.none());
    return new Cost(result, System.nanoTime() - wall, MACHINE.getProcessCpuTime() - processor);
  }
}
