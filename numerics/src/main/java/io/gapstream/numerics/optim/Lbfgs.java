package io.gapstream.numerics.optim;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;

/**
 * L-BFGS with the line search of Lewis and Overton, which needs the function to be smooth only
 * almost everywhere: it brackets a point that satisfies the weak Wolfe conditions and bisects.
 * Sources: Nocedal and Wright, Numerical Optimization, algorithm 7.4; Lewis and Overton, Nonsmooth
 * optimization via quasi-Newton methods, 2013, algorithm 2.6.
 */
public final class Lbfgs {

  private static final double SUFFICIENT_DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final int MAX_BISECTIONS = 40;

  private final int memory;
  private final int maxIterations;
  private final double tolerance;
  private final Deadline deadline;

  /**
   * @param memory pairs kept, from 1
   * @param maxIterations steps at most
   * @param tolerance ends the search once the value fell, over the last ten steps, by less than
   *     this share of itself; 0 goes on until no descent is left
   * @param deadline ends the search
   */
  public Lbfgs(int memory, int maxIterations, double tolerance, Deadline deadline) {
    if (memory < 1 || maxIterations < 0 || !(tolerance >= 0)) {
      throw new IllegalArgumentException(
          "memory is "
              + memory
              + ", maxIterations is "
              + maxIterations
              + " and tolerance is "
              + tolerance
              + "; give at least 1, 0 and 0.");
    }
    this.memory = memory;
    this.maxIterations = maxIterations;
    this.tolerance = tolerance;
    this.deadline = deadline;
  }

  /**
   * What a search ended with.
   *
   * @param value at the last point
   * @param converged whether the value had stopped falling
   * @param iterations steps taken
   */
  public record Outcome(double value, boolean converged, int iterations) {}

  /** Looks at the points that a search passes through. */
  @FunctionalInterface
  public interface Observer {

    /**
     * Called before every step.
     *
     * @param iteration steps taken
     * @param value at the point
     * @param point Not modified.
     * @param gradient at the point. Not modified.
     * @return whether the search is to go on
     */
    boolean goesOn(int iteration, double value, double[] point, double[] gradient);
  }

  /**
   * Minimises.
   *
   * @param point the start; receives the best point. Modified.
   * @throws TimeUpException if the function throws it at the start
   */
  public Outcome minimize(DifferentiableFunction function, double[] point) {
    return minimize(function, point, (iteration, value, at, gradient) -> true);
  }

  /**
   * Minimises before the eyes of an observer. A function that throws {@link TimeUpException} ends
   * the search at the last point.
   *
   * @param point the start; receives the best point. Modified.
   * @throws TimeUpException if the function throws it at the start
   */
  public Outcome minimize(DifferentiableFunction function, double[] point, Observer observer) {
    int size = point.length;
    double[][] s = new double[memory][size];
    double[][] y = new double[memory][size];
    double[] rho = new double[memory];
    double[] alpha = new double[memory];
    double[] gradient = new double[size];
    double[] direction = new double[size];
    double[] trial = new double[size];
    double[] trialGradient = new double[size];
    double[] recent = new double[10];
    int stored = 0; // pairs since the last restart; the newest is at (stored - 1) % memory
    double value = function.evaluate(point, gradient);
    int iteration = 0;
    for (; iteration < maxIterations && !deadline.reached(); iteration++) {
      if (!observer.goesOn(iteration, value, point, gradient)) {
        return new Outcome(value, false, iteration);
      }
      if (iteration >= recent.length
          && recent[iteration % recent.length] - value <= tolerance * Math.abs(value)) {
        return new Outcome(value, true, iteration);
      }
      recent[iteration % recent.length] = value;

      direction(s, y, rho, alpha, stored, gradient, direction);
      double slope = dot(gradient, direction);
      if (!(slope < 0)) {
        if (stored == 0) {
          return new Outcome(value, true, iteration);
        }
        stored = 0;
        direction(s, y, rho, alpha, stored, gradient, direction);
        slope = dot(gradient, direction);
        if (!(slope < 0)) {
          return new Outcome(value, true, iteration);
        }
      }
      double step = stored == 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
      double trialValue = Double.NaN;
      double low = 0;
      double high = Double.POSITIVE_INFINITY;
      boolean decreased = false;
      boolean found = false;
      for (int k = 0; k < MAX_BISECTIONS && !found; k++) {
        for (int i = 0; i < size; i++) {
          trial[i] = point[i] + step * direction[i];
        }
        if (k > 0 && deadline.reached()) {
          return new Outcome(value, false, iteration);
        }
        try {
          trialValue = function.evaluate(trial, trialGradient);
        } catch (TimeUpException e) {
          return new Outcome(value, false, iteration);
        }
        if (!(trialValue <= value + SUFFICIENT_DECREASE * step * slope)) {
          high = step;
          decreased = false;
        } else {
          decreased = true;
          if (dot(trialGradient, direction) < CURVATURE * slope) {
            low = step;
          } else {
            found = true;
            break;
          }
        }
        step = high < Double.POSITIVE_INFINITY ? 0.5 * (low + high) : 2 * low;
      }
      if (!decreased || !(trialValue < value)) {
        if (stored == 0) {
          return new Outcome(value, true, iteration);
        }
        stored = 0; // the model is no good here; start over from steepest descent
        continue;
      }
      int slot = stored % memory;
      double sy = 0;
      double yy = 0;
      for (int i = 0; i < size; i++) {
        s[slot][i] = trial[i] - point[i];
        y[slot][i] = trialGradient[i] - gradient[i];
        sy += s[slot][i] * y[slot][i];
        yy += y[slot][i] * y[slot][i];
      }
      System.arraycopy(trial, 0, point, 0, size);
      System.arraycopy(trialGradient, 0, gradient, 0, size);
      value = trialValue;
      if (sy > 1e-14 * yy && found) {
        rho[slot] = 1 / sy;
        stored++;
      } else {
        stored = 0;
      }
    }
    return new Outcome(value, false, iteration);
  }

  /** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
  private void direction(
      double[][] s,
      double[][] y,
      double[] rho,
      double[] alpha,
      int stored,
      double[] gradient,
      double[] direction) {
    int size = gradient.length;
    for (int i = 0; i < size; i++) {
      direction[i] = -gradient[i];
    }
    int oldest = Math.max(0, stored - memory);
    for (int pair = stored - 1; pair >= oldest; pair--) {
      int slot = pair % memory;
      alpha[slot] = rho[slot] * dot(s[slot], direction);
      add(-alpha[slot], y[slot], direction);
    }
    if (stored > 0) {
      int slot = (stored - 1) % memory;
      double factor = 1 / (rho[slot] * dot(y[slot], y[slot]));
      for (int i = 0; i < size; i++) {
        direction[i] *= factor;
      }
    }
    for (int pair = oldest; pair < stored; pair++) {
      int slot = pair % memory;
      add(alpha[slot] - rho[slot] * dot(y[slot], direction), s[slot], direction);
    }
  }

  /** In four sums, which do not wait for each other. */
  private static double dot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 4 <= a.length; i += 4) {
      s0 += a[i] * b[i];
      s1 += a[i + 1] * b[i + 1];
      s2 += a[i + 2] * b[i + 2];
      s3 += a[i + 3] * b[i + 3];
    }
    for (; i < a.length; i++) {
      s0 += a[i] * b[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  private static void add(double factor, double[] a, double[] to) {
    for (int i = 0; i < a.length; i++) {
      to[i] += factor * a[i];
    }
  }
}
