package io.gapstream.numerics.quartic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GramRepairTest {

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void endsOnAMatrixThatNoShiftMakesDefinite() {
    for (double entry : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      // Given
      Moments moments = new Moments(2);
      double[][] gram = new double[moments.order][moments.order];
      gram[1][1] = entry;

      // When
      GramRepair.Repaired repaired =
          new GramRepair(moments).repair(new double[moments.fullSize], gram);

      // Then it is no bound
      assertThat(repaired.tau()).isNaN();
    }
  }
}
