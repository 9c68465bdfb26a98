package io.gapstream.numerics.exact;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The same with explicit vectors. Products are multiplied and added in two roundings, not in one,
 * so that their signs are those of {@link PlainRows} and of the verifier.
 */
final class VectorRows extends SignedRows {

  private static final VectorSpecies<Double> SPECIES =
      DoubleVector.SPECIES_PREFERRED.length() <= 8
          ? DoubleVector.SPECIES_PREFERRED
          : DoubleVector.SPECIES_512;

  private static final int LANES = SPECIES.length();

  VectorRows(int n, int d, double[] x, double[] nu) {
    super(n, d, x, nu);
  }

  @Override
  double positivePart(double[] u, double[] work) {
    DoubleVector sum = DoubleVector.zero(SPECIES);
    DoubleVector zero = DoubleVector.zero(SPECIES);
    for (int i = 0; i < positiveCount; i += LANES) {
      sum = sum.add(product(positive, u, i).max(zero));
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  @Override
  void negativeGradient(double[] u, double[] gradient, double[] work) {
    for (int i = 0; i < negativeCount; i += LANES) {
      product(negative, u, i).intoArray(work, i);
    }
    for (int k = 0; k < d; k++) {
      double[] column = weighted[k];
      DoubleVector sum = DoubleVector.zero(SPECIES);
      for (int i = 0; i < negativeCount; i += LANES) {
        VectorMask<Double> active =
            DoubleVector.fromArray(SPECIES, work, i).compare(VectorOperators.GT, 0);
        sum = sum.add(DoubleVector.fromArray(SPECIES, column, i), active);
      }
      gradient[k] = sum.reduceLanes(VectorOperators.ADD);
    }
  }

  private static DoubleVector product(double[][] columns, double[] u, int i) {
    DoubleVector product = DoubleVector.fromArray(SPECIES, columns[0], i).mul(u[0]);
    for (int k = 1; k < u.length; k++) {
      product = product.add(DoubleVector.fromArray(SPECIES, columns[k], i).mul(u[k]));
    }
    return product;
  }
}
