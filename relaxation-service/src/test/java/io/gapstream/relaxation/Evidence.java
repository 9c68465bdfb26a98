package io.gapstream.relaxation;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.util.Arrays;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;

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
              witness(lower.plus()),
              witness(lower.minus()));
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

  private static Witness witness(io.gapstream.contracts.Witness witness) {
    if (witness instanceof io.gapstream.contracts.Witness.Quadratic quadratic) {
      return new Witness.Quadratic(
          quadratic.mu().values(),
          quadratic.theta().values(),
          quadratic.sigma().values(),
          metric(quadratic.metric()),
          quadratic.lambda());
    }
    if (witness instanceof io.gapstream.contracts.Witness.Pairs pairs) {
      double[] table = pairs.pairs().values();
      return new Witness.Pairs(
          pairs.squares().values(),
          pairs.anchors().values(),
          pairs.theta().values(),
          pairs.sigma().values(),
          Arrays.stream(column(table, 0)).mapToInt(row -> (int) row).toArray(),
          Arrays.stream(column(table, 1)).mapToInt(row -> (int) row).toArray(),
          column(table, 2),
          metric(pairs.metric()),
          pairs.lambda());
    }
    return new Witness.Triangle();
  }

  private static double[] column(double[] table, int column) {
    double[] values = new double[table.length / 3];
    Arrays.setAll(values, row -> table[3 * row + column]);
    return values;
  }

  private static double[] metric(@Nullable NumericArray metric) {
    return metric == null ? new double[0] : metric.values();
  }
}
