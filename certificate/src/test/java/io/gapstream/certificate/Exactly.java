package io.gapstream.certificate;

import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.NetworkWeights;
import java.math.BigDecimal;

/** What the evidence proves, in exact decimal numbers; shares nothing with the verifier. */
final class Exactly {

  private static final BigDecimal HALF = new BigDecimal("0.5");

  private Exactly() {}

  /** {@code s (y . nu) - 1/2 s^2 ||nu||^2}. */
  static BigDecimal lower(CertificateFile file) {
    double[] y = Honest.problem(file).y();
    double[] nu = file.lower().dual().values();
    BigDecimal s = new BigDecimal(file.lower().scale());
    return s.multiply(dot(y, nu)).subtract(HALF.multiply(s).multiply(s).multiply(dot(nu, nu)));
  }

  /** (P) at the network. */
  static BigDecimal upper(CertificateFile file) {
    NetworkWeights network = file.upper().network();
    double[] x = Honest.problem(file).x();
    double[] y = Honest.problem(file).y();
    double[] u = network.u().values();
    double[] a = network.a().values();
    int d = network.d();
    BigDecimal loss = BigDecimal.ZERO;
    for (int i = 0; i < y.length; i++) {
      BigDecimal rest = new BigDecimal(y[i]).negate();
      for (int j = 0; j < network.m(); j++) {
        BigDecimal z = BigDecimal.ZERO;
        for (int k = 0; k < d; k++) {
          z = z.add(new BigDecimal(x[i * d + k]).multiply(new BigDecimal(u[j * d + k])));
        }
        rest = rest.add(z.max(BigDecimal.ZERO).multiply(new BigDecimal(a[j])));
      }
      loss = loss.add(rest.multiply(rest));
    }
    BigDecimal penalty = dot(u, u).add(dot(a, a));
    return HALF.multiply(loss.add(new BigDecimal(file.problem().beta()).multiply(penalty)));
  }

  /** The least double above a number. */
  static double above(BigDecimal value) {
    double near = value.doubleValue();
    while (new BigDecimal(near).compareTo(value) <= 0) {
      near = Math.nextUp(near);
    }
    return near;
  }

  /** The largest double below a number. */
  static double below(BigDecimal value) {
    double near = value.doubleValue();
    while (new BigDecimal(near).compareTo(value) >= 0) {
      near = Math.nextDown(near);
    }
    return near;
  }

  private static BigDecimal dot(double[] a, double[] b) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 0; k < b.length; k++) {
      sum = sum.add(new BigDecimal(a[k]).multiply(new BigDecimal(b[k])));
    }
    return sum;
  }
}
