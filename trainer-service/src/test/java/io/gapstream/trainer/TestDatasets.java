package io.gapstream.trainer;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Origin;
import io.gapstream.contracts.Preprocessing;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.numerics.problem.DataHash;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/** Datasets to test with. */
public final class TestDatasets {

  private static final double BETA = 0.5;

  private TestDatasets() {}

  /** Gaussian features, noisy targets of one hidden neuron, every method, and a new id. */
  public static DatasetMessage gaussian(
      int n, int d, List<Integer> widths, int steps, double budgetSeconds) {
    return scaled(1, n, d, widths, steps, budgetSeconds);
  }

  /** The same with another plan for training, and a new id. */
  public static DatasetMessage gaussian(int n, int d, TrainingPlan training) {
    return dataset(1, n, d, training);
  }

  /** The same with the targets multiplied; at 1e200 the loss is beyond every double. */
  public static DatasetMessage scaled(
      double scale, int n, int d, List<Integer> widths, int steps, double budgetSeconds) {
    return dataset(
        scale,
        n,
        d,
        new TrainingPlan(
            List.of(TrainingMethod.values()), widths, List.of(1L, 2L), steps, budgetSeconds));
  }

  private static DatasetMessage dataset(double scale, int n, int d, TrainingPlan training) {
    Random random = new Random(5);
    double[] x = new double[n * d];
    double[] y = new double[n];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextGaussian();
    }
    for (int i = 0; i < n; i++) {
      y[i] = scale * (2 * Math.max(x[i * d], 0) + 0.3 * random.nextGaussian());
    }
    return DatasetMessage.of(
        null,
        "test",
        Origin.inline(),
        Preprocessing.raw(false),
        NumericArray.matrix(n, d, x),
        NumericArray.vector(y),
        DataHash.sha256(n, d, x, y),
        BETA,
        null,
        10 * BETA + ThreadLocalRandom.current().nextDouble(), // a new id each time
        new RunPlan(new RelaxationPlan(List.of(), 1, 1, 1), training));
  }
}
