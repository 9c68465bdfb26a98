package io.gapstream.benchmarks;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gradient.Precision;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import io.gapstream.numerics.training.Training;
import io.gapstream.numerics.training.TrainingResult;
import io.gapstream.numerics.training.TrainingSettings;
import java.util.Arrays;
import java.util.Locale;

/**
 * Prints a table of how long a step of training takes on Gaussian data with teacher labels and a
 * tenth of betaMax, in either precision. The time of a run, divided by its steps, counts everything
 * that a run does. The first run is not counted: the virtual machine compiles in it.
 */
public final class TrainingBenchmark {

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
    System.out.println("| n, d, m | precision | steps | value | ms a step | least |");
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
        measure(
            problem,
            new TrainingSettings(method, width, 0, steps, TrainingSettings.OWN_BATCH, precision),
            repetitions);
      }
    }
  }

  private static void measure(Problem problem, TrainingSettings settings, int repetitions) {
    double[] milliseconds = new double[repetitions];
    TrainingResult result = Training.run(problem, settings, Deadline.none());
    for (int run = 0; run < repetitions; run++) {
      long start = System.nanoTime();
      result = Training.run(problem, settings, Deadline.none());
      milliseconds[run] = (System.nanoTime() - start) * 1e-6 / result.steps();
    }
    Arrays.sort(milliseconds);
    System.out.printf(
        Locale.ROOT,
        "| %d, %d, %d | %s | %d | %.6g | %.3f | %.3f |%n",
        problem.n(),
        problem.d(),
        settings.width(),
        settings.precision().name().toLowerCase(Locale.ROOT),
        result.steps(),
        result.value(),
        milliseconds[repetitions / 2],
        milliseconds[0]);
  }
}
