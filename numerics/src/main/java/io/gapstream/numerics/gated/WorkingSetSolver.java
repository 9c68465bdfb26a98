package io.gapstream.numerics.gated;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Problem;

/**
 * Accelerated proximal gradient with backtracking and adaptive restart on some of the patterns:
 *
 * <pre>
 * w+ = prox(v + A'(y - A v) / L),   v = w+ + (t - 1) / t+ (w+ - w),   t+ = (1 + sqrt(1 + 4 t^2)) / 2
 * </pre>
 *
 * <p>Residuals are linear in the point, so the one at v comes without a product, and the step is
 * accepted when {@code ||A (w+ - v)||^2 <= L ||w+ - v||^2}, which the residuals tell. L shrinks a
 * little after every accepted step: on few groups the curvature is far below its largest value.
 */
final class WorkingSetSolver {

  private static final double GROWTH = 1.5;
  private static final double SHRINKAGE = 0.97;
  private static final int CHECK_EVERY = 10;
  private static final long MOST_ITERATIONS = 200_000;

  /** Checks in a row without progress of the gap after which rounding is taken to rule. */
  private static final int STALLED_CHECKS = 500;

  private final Problem problem;
  private final int[] patterns;
  private final int n;
  private final int d;
  private final int count;
  private final GateProducts products;

  private double[] w;
  private double[] next;
  private final double[] v;
  private final double[] gradient;
  private final double[] norms;
  private double[] residual;
  private double[] nextResidual;
  private final double[] residualAtV;

  /**
   * @param patterns indices into the gates. Not modified.
   * @param start {@code P x d} over all patterns; those outside the working set are zero. Not
   *     modified.
   */
  WorkingSetSolver(Problem problem, Gates gates, int[] patterns, double[] start) {
    this.problem = problem;
    this.patterns = patterns;
    this.n = problem.n();
    this.d = problem.d();
    this.count = patterns.length;
    this.products = new GateProducts(gates, problem.x(), patterns);
    this.w = new double[count * d];
    this.next = new double[count * d];
    this.v = new double[count * d];
    this.gradient = new double[count * d];
    this.norms = new double[count];
    this.residual = new double[n];
    this.nextResidual = new double[n];
    this.residualAtV = new double[n];
    for (int p = 0; p < count; p++) {
      System.arraycopy(start, patterns[p] * d, w, p * d, d);
    }
    residualAt(w, residual);
  }

  private void residualAt(double[] point, double[] target) {
    products.forward(point, target);
    for (int i = 0; i < n; i++) {
      target[i] = problem.y()[i] - target[i];
    }
  }

  /**
   * Runs until the relative gap over the working set is at most the tolerance.
   *
   * @return the iterations taken
   */
  long solve(double tolerance, Deadline deadline) {
    double lipschitz = initialLipschitz();
    double t = 1;
    double bestGap = Double.POSITIVE_INFINITY;
    int stalled = 0;
    System.arraycopy(w, 0, v, 0, v.length);
    System.arraycopy(residual, 0, residualAtV, 0, n);
    long iteration = 0;
    while (iteration < MOST_ITERATIONS && !deadline.reached()) {
      if (iteration % CHECK_EVERY == 0) {
        double gap = relativeGap();
        stalled = gap < bestGap ? 0 : stalled + 1;
        bestGap = Math.min(bestGap, gap);
        if (gap <= tolerance || stalled > STALLED_CHECKS) {
          break;
        }
      }
      iteration++;
      products.adjoint(residualAtV, gradient);
      lipschitz = step(lipschitz);
      boolean restart = momentumPointsUphill();
      double tNext = restart ? 1 : 0.5 * (1 + Math.sqrt(1 + 4 * t * t));
      double momentum = restart ? 0 : (t - 1) / tNext;
      for (int k = 0; k < v.length; k++) {
        v[k] = next[k] + momentum * (next[k] - w[k]);
      }
      for (int i = 0; i < n; i++) {
        residualAtV[i] = nextResidual[i] + momentum * (nextResidual[i] - residual[i]);
      }
      t = tNext;
      double[] swap = w;
      w = next;
      next = swap;
      swap = residual;
      residual = nextResidual;
      nextResidual = swap;
      lipschitz *= SHRINKAGE;
    }
    // Rounding in the residuals does not pile up in what is handed back.
    residualAt(w, residual);
    return iteration;
  }

  /** {@code ||A u||^2 / ||u||^2} at the gradient, or 1 where there is nothing to fit. */
  private double initialLipschitz() {
    products.adjoint(residual, gradient);
    double squares = 0;
    for (double g : gradient) {
      squares += g * g;
    }
    if (squares == 0) {
      return 1;
    }
    products.forward(gradient, nextResidual);
    double curvature = 0;
    for (double z : nextResidual) {
      curvature += z * z;
    }
    return curvature > 0 ? curvature / squares : 1;
  }

  /** Sets {@code next} and its residual; returns the accepted constant. */
  private double step(double proposed) {
    double lipschitz = proposed;
    while (true) {
      proximalStep(lipschitz);
      residualAt(next, nextResidual);
      double move = 0;
      for (int k = 0; k < v.length; k++) {
        double difference = next[k] - v[k];
        move += difference * difference;
      }
      double image = 0;
      double size = 0;
      for (int i = 0; i < n; i++) {
        double difference = nextResidual[i] - residualAtV[i];
        image += difference * difference;
        size += nextResidual[i] * nextResidual[i];
      }
      // Below the rounding of the residuals the test says nothing.
      if (image <= lipschitz * move || image <= 1e-28 * size) {
        return lipschitz;
      }
      lipschitz = Math.max(GROWTH * lipschitz, Math.min(image / move, 4 * lipschitz));
    }
  }

  private void proximalStep(double lipschitz) {
    double threshold = problem.beta() / lipschitz;
    for (int p = 0; p < count; p++) {
      double squares = 0;
      for (int k = p * d; k < (p + 1) * d; k++) {
        double target = v[k] + gradient[k] / lipschitz;
        next[k] = target;
        squares += target * target;
      }
      double norm = Math.sqrt(squares);
      double factor = norm > threshold ? 1 - threshold / norm : 0;
      for (int k = p * d; k < (p + 1) * d; k++) {
        next[k] *= factor;
      }
    }
  }

  /** The gradient test of O'Donoghue and Candes: {@code (v - w+) . (w+ - w) > 0}. */
  private boolean momentumPointsUphill() {
    double product = 0;
    for (int k = 0; k < v.length; k++) {
      product += (v[k] - next[k]) * (next[k] - w[k]);
    }
    return product > 0;
  }

  /** At w, over the working set. */
  private double relativeGap() {
    products.adjoint(residual, gradient);
    double penalty = 0;
    for (int p = 0; p < count; p++) {
      norms[p] = Groups.norm(gradient, p, d);
      penalty += Groups.norm(w, p, d);
    }
    return Gap.of(problem, residual, penalty, Groups.largest(norms, count)).relative();
  }

  /**
   * Hands back the point.
   *
   * @param all {@code P x d} over all patterns. Modified: the rows of the working set.
   * @param residualOut n. Modified.
   */
  void copyTo(double[] all, double[] residualOut) {
    for (int p = 0; p < count; p++) {
      System.arraycopy(w, p * d, all, patterns[p] * d, d);
    }
    System.arraycopy(residual, 0, residualOut, 0, n);
  }
}
