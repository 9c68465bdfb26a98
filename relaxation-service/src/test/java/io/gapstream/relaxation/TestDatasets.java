package io.gapstream.relaxation;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Origin;
import io.gapstream.contracts.Preprocessing;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.numerics.problem.Problem;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/** Datasets to test with. */
public final class TestDatasets {

  private static final double BETA = 1.5;

  private TestDatasets() {}

  /** Gaussian features, noisy targets of one hidden neuron, and a new experiment id. */
  public static DatasetMessage gaussian(
      int n, int d, double budgetSeconds, int patterns, RelaxationMethod... methods) {
    Random random = new Random(5);
    double[] x = new double[n * d];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextGaussian();
    }
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = 2 * Math.max(x[i * d], 0) + 0.3 * random.nextGaussian();
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
        new RunPlan(
            new RelaxationPlan(List.of(methods), patterns, 3, budgetSeconds),
            new TrainingPlan(List.of(), List.of(1), List.of(1L), 1, 1)));
  }

  /** The problem that a dataset poses, without the service's code. */
  public static Problem problem(DatasetMessage dataset) {
    return new Problem(
        dataset.n(), dataset.d(), dataset.x().values(), dataset.y().values(), dataset.beta());
  }
}
