package io.gapstream.benchmarks;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gradient.Precision;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.reduction.ReducedProblem;
import io.gapstream.numerics.tau.LocalAscent;
import io.gapstream.numerics.training.Training;
import io.gapstream.numerics.training.TrainingSettings;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Prints what data with more columns than rows take: to find fewer columns, to bound {@code p*}
 * from both sides in them, Adam giving the network, and to verify the evidence on X.
 */
public final class WideData {

  private static final int WIDTH = 50;
  private static final int STEPS = 3000;

  private @Nullable LowerBound lower;
  private double lowerSeconds;

  private WideData() {}

  /**
   * Runs the cases: Gaussian data with noise labels.
   *
   * @param arguments {@code fraction seconds n:d ...}
   */
  public static void main(String[] arguments) {
    if (arguments.length < 3) {
      System.err.println("Arguments: fraction seconds n:d ...");
      System.exit(2);
    }
    System.out.println(
        "| n, d | columns s | lower | after s | upper | after s | ratio | verified in s |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (int k = 2; k < arguments.length; k++) {
      String[] parts = arguments[k].split(":", 2);
      new WideData()
          .run(
              Integer.parseInt(parts[0]),
              Integer.parseInt(parts[1]),
              Double.parseDouble(arguments[0]),
              Duration.ofSeconds(Long.parseLong(arguments[1])));
    }
  }

  private void run(int n, int d, double fraction, Duration budget) {
    Data data = GaussianData.noise(n, d, 0);
    long start = System.nanoTime();
    Data few = ReducedProblem.reduce(data);
    double columns = since(start);
    double beta = fraction * LocalAscent.betaMax(n, few.d(), few.x(), few.y());
    Problem problem = new Problem(n, d, data.x(), data.y(), beta);
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());
    long solve = System.nanoTime();
    LiftedSolver.solve(
        reduced.problem(),
        0,
        Deadline.after(budget),
        bound -> {
          lower = reduced.lift(bound);
          lowerSeconds = since(solve);
        });
    LowerBound best = lower;
    if (best == null) {
      throw new IllegalStateException("No lower bound was found.");
    }
    long training = System.nanoTime();
    TrainingSettings settings =
        new TrainingSettings(
            TrainingSettings.Method.ADAM,
            WIDTH,
            1,
            STEPS,
            TrainingSettings.OWN_BATCH,
            Precision.FLOAT64);
    Network network =
        reduced.lift(Training.run(reduced.problem(), settings, Deadline.after(budget)).network());
    double upperSeconds = since(training);
    long verification = System.nanoTime();
    double from =
        proved(Verifier.lower(problem, best.dual(), best.scale(), best.plus(), best.minus()));
    double to = proved(Verifier.upper(problem, network));
    System.out.printf(
        Locale.ROOT,
        "| %d x %d | %.2f | %.5g | %.1f | %.5g | %.1f | %.4f | %.2f |%n",
        n,
        d,
        columns,
        from,
        lowerSeconds,
        to,
        upperSeconds,
        to / from,
        since(verification));
  }

  private static double proved(Finding finding) {
    if (finding instanceof Finding.Proved proved) {
      return proved.value();
    }
    throw new IllegalStateException(((Finding.Refuted) finding).reason());
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) * 1e-9;
  }
}
