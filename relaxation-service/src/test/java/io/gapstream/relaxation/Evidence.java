package io.gapstream.relaxation;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.certificate.Witnesses;
import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import org.assertj.core.data.Percentage;

/** Whether a result's evidence supports its value. */
public final class Evidence {

  private Evidence() {}

  /** Fails unless the evidence proves the value. */
  public static void assertHolds(DatasetMessage dataset, RelaxationMessage result) {
    assertThat(result.experimentId()).isEqualTo(dataset.experimentId());
    assertThat(result.datasetSha256()).isEqualTo(dataset.sha256());
    Problem problem = TestDatasets.problem(dataset);
    double value = result.value() == null ? Double.NaN : result.value();
    LowerEvidence lower = result.lower();
    NetworkWeights weights = result.network();
    if (result.kind() == BoundKind.LOWER && lower != null) {
      Finding finding =
          Verifier.lower(
              problem,
              lower.dual().values(),
              lower.scale(),
              Witnesses.fromMessage(lower.plus()),
              Witnesses.fromMessage(lower.minus()));
      assertThat(finding).isInstanceOf(Finding.Proved.class);
      assertThat(value).isLessThanOrEqualTo(((Finding.Proved) finding).value());
    } else if (result.kind() == BoundKind.UPPER && weights != null) {
      Network network =
          new Network(weights.m(), weights.d(), weights.u().values(), weights.a().values());
      Finding finding = Verifier.upper(problem, network);
      assertThat(finding).isInstanceOf(Finding.Proved.class);
      assertThat(value).isGreaterThanOrEqualTo(((Finding.Proved) finding).value());
      assertThat(value).isCloseTo(objective(dataset, weights), Percentage.withPercentage(1e-7));
    } else {
      assertThat(result.kind()).isEqualTo(BoundKind.ESTIMATE);
      assertThat(value).isPositive();
    }
  }

  /** Problem (P) as docs/mathematics.md writes it. */
  private static double objective(DatasetMessage dataset, NetworkWeights weights) {
    double[] x = dataset.x().values();
    double[] u = weights.u().values();
    double[] a = weights.a().values();
    double penalty = 0;
    double loss = 0;
    for (double weight : u) {
      penalty += weight * weight;
    }
    for (double weight : a) {
      penalty += weight * weight;
    }
    for (int i = 0; i < dataset.n(); i++) {
      double residual = -dataset.y().values()[i];
      for (int j = 0; j < weights.m(); j++) {
        double z = 0;
        for (int k = 0; k < dataset.d(); k++) {
          z += x[i * dataset.d() + k] * u[j * dataset.d() + k];
        }
        residual += a[j] * Math.max(z, 0);
      }
      loss += residual * residual;
    }
    return loss / 2 + dataset.beta() / 2 * penalty;
  }
}
