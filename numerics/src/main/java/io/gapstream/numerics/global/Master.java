package io.gapstream.numerics.global;

import io.gapstream.numerics.problem.Problem;
import java.util.List;

/**
 * The restricted problem over fixed directions, {@code min over c >= 0 of 1/2 ||sum_j sign_j c_j (X
 * u_j)_+ - y||^2 + beta sum_j c_j}, which is convex: coordinate descent.
 */
final class Master {

  private static final int MAX_SWEEPS = 2000;
  private static final double TOLERANCE = 1e-12;

  private Master() {}

  /** The best sizes; the neurons' own are the start. */
  static double[] sizes(Problem problem, List<Neuron> neurons) {
    int n = problem.n();
    int m = neurons.size();
    double[][] outputs = new double[m][];
    double[] squares = new double[m];
    double[] sizes = new double[m];
    double[] residual = problem.y().clone();
    for (int j = 0; j < m; j++) {
      Neuron neuron = neurons.get(j);
      outputs[j] = output(problem, neuron);
      sizes[j] = neuron.size;
      for (int i = 0; i < n; i++) {
        squares[j] += outputs[j][i] * outputs[j][i];
        residual[i] -= sizes[j] * outputs[j][i];
      }
    }
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      double gain = 0;
      double loss = 0;
      for (int j = 0; j < m; j++) {
        if (squares[j] == 0) {
          sizes[j] = 0;
          continue;
        }
        double product = 0;
        for (int i = 0; i < n; i++) {
          product += outputs[j][i] * residual[i];
        }
        double size = Math.max(0, sizes[j] + (product - problem.beta()) / squares[j]);
        double change = size - sizes[j];
        if (change != 0) {
          for (int i = 0; i < n; i++) {
            residual[i] -= change * outputs[j][i];
          }
          sizes[j] = size;
          gain += 0.5 * change * change * squares[j];
        }
      }
      for (double r : residual) {
        loss += 0.5 * r * r;
      }
      for (double size : sizes) {
        loss += problem.beta() * size;
      }
      if (gain <= TOLERANCE * loss) {
        break;
      }
    }
    return sizes;
  }

  /** {@code sign (X u)_+}, n. */
  private static double[] output(Problem problem, Neuron neuron) {
    int d = problem.d();
    double[] x = problem.x();
    double[] output = new double[problem.n()];
    for (int i = 0; i < output.length; i++) {
      double z = 0;
      for (int k = 0; k < d; k++) {
        z += x[i * d + k] * neuron.u[k];
      }
      output[i] = z > 0 ? neuron.sign * z : 0;
    }
    return output;
  }
}
