package io.gapstream.numerics.gated;

/** Sums with several accumulators, which the processor works on at once. */
final class Vectors {

  private Vectors() {}

  static double dot(double[] a, double[] b) {
    int length = a.length;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int k = 0;
    for (; k + 7 < length; k += 8) {
      s0 += a[k] * b[k] + a[k + 4] * b[k + 4];
      s1 += a[k + 1] * b[k + 1] + a[k + 5] * b[k + 5];
      s2 += a[k + 2] * b[k + 2] + a[k + 6] * b[k + 6];
      s3 += a[k + 3] * b[k + 3] + a[k + 7] * b[k + 7];
    }
    for (; k < length; k++) {
      s0 += a[k] * b[k];
    }
    return (s0 + s1) + (s2 + s3);
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  static void add(double factor, double[] a, double[] to) {
    for (int k = 0; k < a.length; k++) {
      to[k] += factor * a[k];
    }
  }

  static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, value);
    }
    return largest;
  }

  static boolean isZero(double[] a) {
    for (double value : a) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
