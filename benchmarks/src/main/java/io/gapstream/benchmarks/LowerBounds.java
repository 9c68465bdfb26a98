package io.gapstream.benchmarks;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.global.ColumnGeneration;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.quartic.QuarticResult;
import io.gapstream.numerics.quartic.QuarticSolver;
import io.gapstream.numerics.quartic.QuarticTau;
import io.gapstream.numerics.tau.Direction;
import io.gapstream.numerics.tau.LocalAscent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Prints how sharp lower bounds are on Gaussian data: those of the lifted and of the fourth-moment
 * relaxation beside an upper bound, and {@code tau_+} of the targets from above beside local
 * ascent.
 */
public final class LowerBounds {

  private LowerBounds() {}

  /**
   * Runs the cases.
   *
   * @param arguments {@code fraction seconds labels:n:d ...}
   */
  public static void main(String[] arguments) {
    if (arguments.length < 3) {
      System.err.println("Arguments: fraction seconds labels:n:d ...");
      System.exit(2);
    }
    double fraction = Double.parseDouble(arguments[0]);
    Duration budget = Duration.ofSeconds(Long.parseLong(arguments[1]));
    System.out.println(
        "| case | lifted | quartic | upper | ratio | quartic s | steps | tau above / below |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    for (int k = 2; k < arguments.length; k++) {
      String[] parts = arguments[k].split(":", 3);
      int n = Integer.parseInt(parts[1]);
      int d = Integer.parseInt(parts[2]);
      Data data =
          parts[0].equals("teacher")
              ? GaussianData.teacher(n, d, 5, 0.1, 0)
              : GaussianData.noise(n, d, 0);
      double beta = fraction * LocalAscent.betaMax(n, d, data.x(), data.y());
      Problem problem = new Problem(n, d, data.x(), data.y(), beta);
      double lifted = LiftedSolver.solve(problem, 0, after(budget), found -> {}).bound().value();
      double upper = ColumnGeneration.solve(problem, 0, after(budget), found -> {}).bound().value();
      Deadline deadline = after(budget);
      QuarticResult quartic = QuarticSolver.solve(problem, deadline, found -> {});
      double seconds = deadline.elapsedSeconds();
      LowerBound bound = quartic.bound();
      QuarticTau.Bound tau = QuarticTau.bound(n, d, data.x(), data.y(), after(budget));
      System.out.printf(
          Locale.ROOT,
          "| %s | %.5g | %.5g | %.5g | %.4g -> %.4g | %.1f | %d%s | %.4g |%n",
          arguments[k],
          lifted,
          bound.value(),
          upper,
          upper / lifted,
          upper / bound.value(),
          seconds,
          quartic.iterations(),
          quartic.converged() ? "" : "+",
          tau == null ? Double.NaN : tau.tau() / tauBelow(data));
    }
  }

  private static Deadline after(Duration budget) {
    return Deadline.after(budget);
  }

  private static double tauBelow(Data data) {
    return LocalAscent.maxima(data.n(), data.d(), data.x(), data.y(), 0, List.of(), Deadline.none())
        .stream()
        .filter(direction -> direction.sign() == 1)
        .mapToDouble(Direction::value)
        .max()
        .orElse(Double.NaN);
  }
}
