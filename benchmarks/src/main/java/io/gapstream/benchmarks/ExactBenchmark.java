package io.gapstream.benchmarks;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.exact.ConeSearch;
import io.gapstream.numerics.exact.Effort;
import io.gapstream.numerics.exact.ExactSolution;
import io.gapstream.numerics.exact.ExactSolver;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.Direction;
import io.gapstream.numerics.tau.LocalAscent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Times the search over cones: {@code tau} of a Gaussian vector on Gaussian data to a tolerance,
 * and the interval for {@code p*} on Gaussian data within a budget.
 */
public final class ExactBenchmark {

  private static final long MOST_BYTES = 100_000_000;

  private ExactBenchmark() {}

  public static void main(String[] arguments) {
    if (arguments.length == 6 && arguments[0].equals("tau")) {
      tau(
          Integer.parseInt(arguments[1]),
          Integer.parseInt(arguments[2]),
          Double.parseDouble(arguments[3]),
          seconds(arguments[4]),
          Integer.parseInt(arguments[5]));
    } else if (arguments.length == 7 && arguments[0].equals("interval")) {
      interval(
          arguments[1],
          Integer.parseInt(arguments[2]),
          Integer.parseInt(arguments[3]),
          Double.parseDouble(arguments[4]),
          Double.parseDouble(arguments[5]),
          seconds(arguments[6]));
    } else {
      System.err.println("Arguments: tau n d tolerance seconds repetitions");
      System.err.println("       or: interval teacher|noise n d fraction tolerance seconds");
      System.exit(2);
    }
  }

  private static Duration seconds(String text) {
    return Duration.ofNanos((long) (1e9 * Double.parseDouble(text)));
  }

  private static Effort effort(Duration budget) {
    int threads = Runtime.getRuntime().availableProcessors();
    return new Effort(Deadline.after(budget), threads, MOST_BYTES);
  }

  private static void tau(int n, int d, double tolerance, Duration budget, int repetitions) {
    Data data = GaussianData.noise(n, d, 0);
    double[] nu = data.y();
    double[] times = new double[repetitions];
    System.out.println("| tau found | bound | bound / found | cones | seconds |");
    System.out.println("|---|---|---|---|---|");
    for (int run = 0; run < repetitions; run++) {
      long start = System.nanoTime();
      List<Direction> maxima =
          LocalAscent.maxima(n, d, data.x(), nu, 0, List.of(), Deadline.none());
      double found = 0;
      double bound = 0;
      long cones = 0;
      for (int sign = 1; sign >= -1; sign -= 2) {
        double[] signed = new double[n];
        for (int i = 0; i < n; i++) {
          signed[i] = sign * nu[i];
        }
        // The goal is tau, the larger of both: the other sign need not be bounded more sharply.
        double[] best = maxima.get(0).u();
        ConeSearch.Result result =
            sign == maxima.get(0).sign()
                ? ConeSearch.maximize(n, d, data.x(), signed, tolerance, best, effort(budget))
                : ConeSearch.prove(
                    n,
                    d,
                    data.x(),
                    signed,
                    (1 + tolerance) * maxima.get(0).value(),
                    best,
                    effort(budget));
        found = Math.max(found, result.value());
        bound = Math.max(bound, result.bound());
        cones += result.nodes();
      }
      times[run] = (System.nanoTime() - start) * 1e-9;
      System.out.printf(
          Locale.ROOT,
          "| %.6g | %.6g | %.5f | %d | %.2f |%n",
          found,
          bound,
          bound / found,
          cones,
          times[run]);
    }
    Arrays.sort(times);
    System.out.printf(Locale.ROOT, "median %.2f s%n", times[repetitions / 2]);
  }

  private static void interval(
      String labels, int n, int d, double fraction, double tolerance, Duration budget) {
    Data data =
        labels.equals("teacher")
            ? GaussianData.teacher(n, d, 5, 0.1, 0)
            : GaussianData.noise(n, d, 0);
    double betaMax = LocalAscent.betaMax(n, d, data.x(), data.y());
    ExactSolution solution =
        ExactSolver.solve(
            new Problem(n, d, data.x(), data.y(), fraction * betaMax),
            tolerance,
            0,
            effort(budget),
            bound -> {},
            bound -> {},
            progress ->
                System.out.printf(
                    Locale.ROOT,
                    "%3d  lower %.6g  upper %.6g  gap %.2e  neurons %d  cones %d  %.1f s%n",
                    progress.round(),
                    progress.lower(),
                    progress.upper(),
                    progress.relativeGap(),
                    progress.neurons(),
                    progress.cones(),
                    progress.seconds()));
    System.out.printf(
        Locale.ROOT,
        "upper / lower %.6f after %.1f s%n",
        1 + solution.progress().relativeGap(),
        solution.progress().seconds());
  }
}
