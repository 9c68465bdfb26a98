package io.gapstream.benchmarks;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gated.GatedSolution;
import io.gapstream.numerics.gated.GatedSolver;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.GateProducts;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.sampled.SampledSolution;
import io.gapstream.numerics.sampled.SampledSolver;
import io.gapstream.numerics.tau.LocalAscent;
import java.util.Arrays;
import java.util.Locale;

/**
 * Prints a table of how long the gated or the sampled program takes on Gaussian data: teacher and
 * noise labels, beta 0.1 and 0.01 of the least that gives zero. The first run is that of a cold
 * virtual machine for the first row.
 */
public final class ConvexPrograms {

  private ConvexPrograms() {}

  /**
   * Runs the cases.
   *
   * @param arguments {@code gated|sampled n d patterns tolerance repetitions [labels fraction]}
   */
  public static void main(String[] arguments) {
    if (arguments.length != 6 && arguments.length != 8) {
      System.err.println(
          "Arguments: gated|sampled n d patterns tolerance repetitions [labels fraction]");
      System.exit(2);
    }
    boolean gated = arguments[0].equals("gated");
    int n = Integer.parseInt(arguments[1]);
    int d = Integer.parseInt(arguments[2]);
    int samples = Integer.parseInt(arguments[3]);
    double tolerance = Double.parseDouble(arguments[4]);
    int repetitions = Integer.parseInt(arguments[5]);
    boolean one = arguments.length == 8;
    String[] allLabels = one ? new String[] {arguments[6]} : new String[] {"teacher", "noise"};
    double[] fractions =
        one ? new double[] {Double.parseDouble(arguments[7])} : new double[] {0.1, 0.01};
    System.out.println("| labels | beta / beta_max | value | gap | groups | first s | median s |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (String labels : allLabels) {
      Data data =
          labels.equals("teacher")
              ? GaussianData.teacher(n, d, 5, 0.1, 0)
              : GaussianData.noise(n, d, 0);
      Gates gates = Gates.sample(n, d, data.x(), samples, 0);
      double betaMax =
          gated ? gatedBetaMax(data, gates) : LocalAscent.betaMax(n, d, data.x(), data.y());
      for (double fraction : fractions) {
        Problem problem = new Problem(n, d, data.x(), data.y(), fraction * betaMax);
        Outcome[] outcomes = new Outcome[repetitions];
        for (int run = 0; run < repetitions; run++) {
          outcomes[run] =
              gated ? gated(problem, gates, tolerance) : sampled(problem, gates, tolerance);
        }
        Outcome last = outcomes[repetitions - 1];
        double[] seconds = Arrays.stream(outcomes).mapToDouble(Outcome::seconds).sorted().toArray();
        System.out.printf(
            Locale.ROOT,
            "| %s | %s | %.8g | %.1e | %d | %.3f | %.3f |%n",
            labels,
            fraction,
            last.value(),
            last.gap(),
            last.groups(),
            outcomes[0].seconds(),
            seconds[repetitions / 2]);
      }
    }
  }

  private record Outcome(double value, double gap, int groups, double seconds) {}

  private static Outcome gated(Problem problem, Gates gates, double tolerance) {
    GatedSolution solution = GatedSolver.solve(problem, gates, tolerance, Deadline.none());
    return new Outcome(
        solution.value(), solution.relativeGap(), solution.activeGroups(), solution.seconds());
  }

  private static Outcome sampled(Problem problem, Gates gates, double tolerance) {
    SampledSolution solution =
        SampledSolver.solve(problem, gates, tolerance, Deadline.none(), progress -> {});
    return new Outcome(
        solution.bound().value(),
        solution.relativeGap(),
        solution.activeGroups(),
        solution.seconds());
  }

  /** {@code max_p ||X' D_p y||}, from which on the gated solution is zero. */
  private static double gatedBetaMax(Data data, Gates gates) {
    int[] all = new int[gates.count()];
    Arrays.setAll(all, p -> p);
    double[][] gradients = new double[gates.count()][data.d()];
    GateProducts.of(gates, data.x(), all).adjoint(data.y(), gradients);
    double largest = 0;
    for (double[] gradient : gradients) {
      largest = Math.max(largest, Arrays.stream(gradient).map(v -> v * v).sum());
    }
    return Math.sqrt(largest);
  }
}
