package io.gapstream.numerics.quartic;

import java.util.Arrays;

/**
 * What the moments {@code m_k = E t^k} of {@code |t| <= 1}, k = 0 to 4, say about {@code E (t)_+};
 * docs/mathematics.md, section 3.5. With {@code E} any positive functional:
 *
 * <pre>upper = 1/2 m_1 + 1/2 min over omega of (A m_0 + B m_2 + C m_4),
 *         omega^2 = (m_2 - m_4) / (m_0 - m_2)
 * lower = max over 0 <= kappa <= 300, |o| <= 1 of E t (2 + 3 z - z^3) / 4, z = kappa t + o;
 *         inside, E t (1 - z^2) = E t^2 (1 - z^2) = 0;  else max(0, m_1)</pre>
 *
 * <p>The gradient holds the polynomial's coefficients; upper is concave and lower convex.
 */
final class RowBounds {

  /** Moments of a row. */
  static final int MOMENTS = 5;

  /** The least omega. */
  private static final double LEAST_TOUCH = 1e-5;

  /** The largest kappa: its cube magnifies the rounding errors of the proof. */
  private static final double MOST_SLOPE = 300;

  /** The bound that was computed last. */
  double value;

  /** Its derivatives by {@code m_0} to {@code m_4}. */
  final double[] gradient = new double[MOMENTS];

  /** Its second derivatives, {@code 5 x 5}. */
  final double[] hessian = new double[MOMENTS * MOMENTS];

  /** {@code omega} of an upper bound. */
  double touch;

  /** {@code kappa} and {@code o} of a lower bound. */
  double slope;

  double offset;

  /**
   * The least majorant.
   *
   * @param m {@code m_0} to {@code m_4}. Not modified.
   */
  void upper(double[] m) {
    double outer = m[0] - m[2];
    double inner = m[2] - m[4];
    touch = Math.sqrt(inner / outer);
    touch = touch >= LEAST_TOUCH ? Math.min(1, touch) : LEAST_TOUCH;
    double next = 1 + touch;
    double a = touch * (2 * touch + 1) / (2 * next * next);
    double c = -1 / (2 * touch * next * next);
    gradient[0] = 0.5 * a;
    gradient[1] = 0.5;
    gradient[2] = 0.5 * (1 - a - c);
    gradient[3] = 0;
    gradient[4] = 0.5 * c;
    value = dot(m);
    // F'(omega) = 1/2 K (m_0 - m_2 - (m_2 - m_4) / omega^2)
    double k = (1 + 3 * touch) / (2 * next * next * next);
    double square = touch * touch;
    double curvature = k * inner / (square * touch);
    Arrays.fill(hessian, 0);
    if (curvature > 0) {
      double[] change = {0.5 * k, 0, -0.5 * k * (1 + 1 / square), 0, 0.5 * k / square};
      addOuter(-1 / curvature, change);
    }
  }

  /**
   * The largest minorant.
   *
   * @param m {@code m_0} to {@code m_4}. Not modified.
   */
  void lower(double[] m) {
    Arrays.fill(hessian, 0);
    double centre = (m[2] * m[3] - m[1] * m[4]) / (2 * (m[2] * m[2] - m[1] * m[3]));
    double width = Math.sqrt((m[4] - 2 * centre * m[3] + centre * centre * m[2]) / m[2]);
    slope = 1 / width;
    offset = -centre / width;
    boolean steepest = !(slope <= MOST_SLOPE);
    if (steepest) {
      slope = MOST_SLOPE;
      double mean = slope * m[2];
      double constant = m[1] - slope * slope * m[3]; // E t (1 - z^2) = 0, with o as the unknown
      offset = constant / (mean + Math.sqrt(mean * mean + m[1] * constant));
    }
    // The negative second derivatives by (o, kappa), times 2/3: E t z, E t^2 z, E t^3 z.
    double byOffset = offset * m[1] + slope * m[2];
    double mixed = offset * m[2] + slope * m[3];
    double bySlope = offset * m[3] + slope * m[4];
    double determinant = byOffset * bySlope - mixed * mixed;
    boolean inside = Math.abs(offset) <= 1 && byOffset > 0 && (steepest || determinant > 0);
    if (!inside) {
      slope = 0;
      offset = m[1] > 0 ? 1 : -1;
    }
    double even = 0.75 * (1 - offset * offset);
    double odd = -1.5 * slope * offset;
    double last = -0.75 * slope * slope;
    gradient[0] = 0;
    gradient[1] = 0.5 + 0.75 * offset - 0.25 * offset * offset * offset;
    gradient[2] = slope * even;
    gradient[3] = -0.75 * slope * slope * offset;
    gradient[4] = -0.25 * slope * slope * slope;
    value = dot(m);
    if (inside) {
      double[] changeByOffset = {0, even, odd, last, 0};
      addOuter(1 / (1.5 * byOffset), changeByOffset);
      if (!steepest) {
        double[] change = {0, 0, even, odd, last}; // by kappa, and what o does then
        for (int k = 0; k < MOMENTS; k++) {
          change[k] -= mixed / byOffset * changeByOffset[k];
        }
        addOuter(byOffset / (1.5 * determinant), change);
      }
    }
  }

  /** Adds a factor times the vector times its transpose to the second derivatives. */
  private void addOuter(double factor, double[] vector) {
    for (int i = 0; i < MOMENTS; i++) {
      for (int j = 0; j < MOMENTS; j++) {
        hessian[i * MOMENTS + j] += factor * vector[i] * vector[j];
      }
    }
  }

  private double dot(double[] m) {
    double sum = 0;
    for (int k = 0; k < MOMENTS; k++) {
      sum += gradient[k] * m[k];
    }
    return sum;
  }
}
