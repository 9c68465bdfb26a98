package io.gapstream.numerics.verify;

import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/** Doubles as the rationals that they are. Sums and products are exact; the rest has 80 digits. */
final class Exact {

  static final MathContext DIGITS = new MathContext(80);

  private Exact() {}

  static BigDecimal of(double value) {
    return new BigDecimal(value);
  }

  static BigDecimal dot(double[] a, double[] b) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < a.length; i++) {
      sum = sum.add(of(a[i]).multiply(of(b[i])));
    }
    return sum;
  }

  static BigDecimal norm(double[] a) {
    return dot(a, a).sqrt(DIGITS);
  }

  /** {@code c'A^{-1}c} by Gaussian elimination; null when A is not positive definite. */
  static @Nullable BigDecimal inverseForm(BigDecimal[][] matrix, BigDecimal[] vector) {
    int d = vector.length;
    BigDecimal[][] a = new BigDecimal[d][];
    BigDecimal[] c = vector.clone();
    for (int k = 0; k < d; k++) {
      a[k] = matrix[k].clone();
    }
    BigDecimal form = BigDecimal.ZERO;
    for (int k = 0; k < d; k++) {
      if (a[k][k].signum() <= 0) {
        return null;
      }
      // A zero is left out: the scale of 0 / a grows without bound, and digits with it.
      if (c[k].signum() != 0) {
        form = form.add(c[k].multiply(c[k]).divide(a[k][k], DIGITS));
      }
      for (int i = k + 1; i < d; i++) {
        if (a[i][k].signum() == 0) {
          continue;
        }
        BigDecimal factor = a[i][k].divide(a[k][k], DIGITS);
        for (int j = k; j < d; j++) {
          a[i][j] = a[i][j].subtract(factor.multiply(a[k][j])).round(DIGITS);
        }
        c[i] = c[i].subtract(factor.multiply(c[k])).round(DIGITS);
      }
    }
    return form;
  }
}
