package io.gapstream.numerics.problem;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;

/**
 * The value of (P) at a network, in plain floating point. Rigorous values come from {@code verify}.
 */
public final class Objective {

  private Objective() {}

  /**
   * {@code 1/2 ||f(X) - y||^2 + beta/2 sum_j (||u_j||^2 + a_j^2)}; infinite or NaN on overflow.
   *
   * @throws IllegalArgumentException if the network has another number of inputs
   */
  public static double value(Problem problem, Network network) {
    return value(problem, network, residual(problem, network));
  }

  /**
   * The same from the residual.
   *
   * @param residual {@code y - f(X)}, n. Not modified.
   */
  public static double value(Problem problem, Network network, double[] residual) {
    double loss = 0;
    for (double r : residual) {
      loss += r * r;
    }
    double penalty = 0;
    for (double w : network.u()) {
      penalty += w * w;
    }
    for (double w : network.a()) {
      penalty += w * w;
    }
    return 0.5 * loss + 0.5 * problem.beta() * penalty;
  }

  /** {@code y - f(X)}, n. */
  public static double[] residual(Problem problem, Network network) {
    return residual(problem, network, Deadline.none());
  }

  /**
   * The same within a time.
   *
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  public static double[] residual(Problem problem, Network network, Deadline deadline) {
    Pace pace = new Pace(deadline);
    if (network.d() != problem.d()) {
      throw new IllegalArgumentException(
          "The network has "
              + network.d()
              + " inputs and X has "
              + problem.d()
              + " columns; they must agree.");
    }
    int n = problem.n();
    int d = problem.d();
    double[] x = problem.x();
    double[] u = network.u();
    double[] a = network.a();
    double[] residual = problem.y().clone();
    for (int i = 0; i < n; i++) {
      double output = 0;
      for (int j = 0; j < network.m(); j++) {
        pace.count(d);
        double z = 0;
        for (int k = 0; k < d; k++) {
          z += x[i * d + k] * u[j * d + k];
        }
        output += Math.max(z, 0) * a[j];
      }
      residual[i] -= output;
    }
    return residual;
  }

  /**
   * The same function with {@code ||u_j|| = |a_j|} for every neuron, which never raises the value;
   * neurons without an effect are dropped.
   */
  public static Network balance(Network network) {
    int d = network.d();
    double[] u = new double[network.u().length];
    double[] a = new double[network.m()];
    int kept = 0;
    for (int j = 0; j < network.m(); j++) {
      double norm = 0;
      for (int k = 0; k < d; k++) {
        norm = Math.hypot(norm, network.u()[j * d + k]);
      }
      double output = Math.abs(network.a()[j]);
      if (norm == 0 || output == 0) {
        continue;
      }
      double factor = Math.sqrt(output / norm);
      if (!Double.isFinite(factor) || factor == 0) {
        factor = 1;
      }
      for (int k = 0; k < d; k++) {
        u[kept * d + k] = network.u()[j * d + k] * factor;
      }
      a[kept] = network.a()[j] / factor;
      kept++;
    }
    return new Network(
        kept, d, java.util.Arrays.copyOf(u, kept * d), java.util.Arrays.copyOf(a, kept));
  }
}
