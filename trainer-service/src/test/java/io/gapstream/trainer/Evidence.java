package io.gapstream.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.util.Objects;
import org.assertj.core.data.Percentage;

/** Whether a result's network supports its value. */
public final class Evidence {

  private Evidence() {}

  /** Fails unless the network proves the value, by the verifier and by (P) as it is written. */
  public static void assertHolds(DatasetMessage dataset, TrainingMessage result) {
    assertThat(result.datasetSha256()).isEqualTo(dataset.sha256());
    NetworkWeights weights =
        Objects.requireNonNull(
            result.network(), result.eventId() + " has no network: " + result.reason());
    Problem problem =
        new Problem(
            dataset.n(), dataset.d(), dataset.x().values(), dataset.y().values(), dataset.beta());
    Network network =
        new Network(weights.m(), weights.d(), weights.u().values(), weights.a().values());
    Finding finding = Verifier.upper(problem, network);
    assertThat(finding).isInstanceOf(Finding.Proved.class);
    assertThat(result.value()).isGreaterThanOrEqualTo(((Finding.Proved) finding).value());
    assertThat(result.value())
        .isCloseTo(objective(dataset, weights), Percentage.withPercentage(1e-7));
  }

  private static double objective(DatasetMessage dataset, NetworkWeights weights) {
    int d = dataset.d();
    double[] u = weights.u().values();
    double[] a = weights.a().values();
    double value = 0;
    for (int j = 0; j < weights.m(); j++) {
      double norm = a[j] * a[j];
      for (int k = 0; k < d; k++) {
        norm += u[j * d + k] * u[j * d + k];
      }
      value += dataset.beta() / 2 * norm;
    }
    for (int i = 0; i < dataset.n(); i++) {
      double residual = -dataset.y().values()[i];
      for (int j = 0; j < weights.m(); j++) {
        double z = 0;
        for (int k = 0; k < d; k++) {
          z += dataset.x().values()[i * d + k] * u[j * d + k];
        }
        residual += a[j] * Math.max(z, 0);
      }
      value += residual * residual / 2;
    }
    return value;
  }
}
