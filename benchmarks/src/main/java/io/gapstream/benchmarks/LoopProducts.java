package io.gapstream.benchmarks;

import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.GateProducts;
import java.util.Arrays;

/** The products as they are defined: loops over patterns, rows and columns, on one thread. */
final class LoopProducts implements GateProducts {

  private final Gates gates;
  private final double[] x;
  private final int[] patterns;

  LoopProducts(Gates gates, double[] x, int[] patterns) {
    this.gates = gates;
    this.x = x;
    this.patterns = patterns;
  }

  @Override
  public int count() {
    return patterns.length;
  }

  @Override
  public void forward(double[][] w, double[] output) {
    int d = gates.d();
    Arrays.fill(output, 0);
    for (int p = 0; p < patterns.length; p++) {
      double[] weight = w[p];
      for (int i = 0; i < gates.n(); i++) {
        if (gates.isActive(patterns[p], i)) {
          for (int k = 0; k < d; k++) {
            output[i] += x[i * d + k] * weight[k];
          }
        }
      }
    }
  }

  @Override
  public void adjoint(double[] r, double[][] gradient) {
    int d = gates.d();
    for (int p = 0; p < patterns.length; p++) {
      double[] target = gradient[p];
      Arrays.fill(target, 0);
      for (int i = 0; i < gates.n(); i++) {
        if (gates.isActive(patterns[p], i)) {
          for (int k = 0; k < d; k++) {
            target[k] += x[i * d + k] * r[i];
          }
        }
      }
    }
  }
}
