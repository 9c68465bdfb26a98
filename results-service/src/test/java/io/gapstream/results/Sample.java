package io.gapstream.results;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.Curve;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Origin;
import io.gapstream.contracts.Preprocessing;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.contracts.Witness;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.numerics.problem.Problem;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * An experiment with messages about it. The evidence is made from the formulas alone, with a margin
 * of one in a billion for rounding, and shares no code with the verifier: bound (L) of
 * docs/mathematics.md with {@code nu = y} and the triangle inequality from below; the zero network
 * and the planted neuron from above.
 */
public final class Sample {

  private static final double MARGIN = 1e-9;
  private static final Environment HERE = new Environment("sample 1", "17", "here", 1);

  private final DatasetMessage dataset;
  private final Problem problem;
  private final double[] neuron;

  private Sample(DatasetMessage dataset, double[] neuron) {
    this.dataset = dataset;
    this.neuron = neuron;
    this.problem =
        new Problem(
            dataset.n(), dataset.d(), dataset.x().values(), dataset.y().values(), dataset.beta());
  }

  /** Gaussian data with one planted neuron; the same name gives the same sample. */
  public static Sample named(String name) {
    return named(name, null);
  }

  /** The same, in a study. */
  public static Sample named(String name, @Nullable String studyId) {
    int n = 12;
    int d = 3;
    Random random = new Random(name.hashCode());
    double[] x = random.doubles((long) n * d, -2, 2).toArray();
    double[] neuron = random.doubles(d, -1, 1).toArray();
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(0, dot(x, i * d, neuron)) + 0.05;
    }
    double beta = 0.1;
    RunPlan plan =
        new RunPlan(
            new RelaxationPlan(List.of(RelaxationMethod.LIFTED, RelaxationMethod.GATED), 10, 1, 10),
            new TrainingPlan(List.of(TrainingMethod.ADAM), List.of(10), List.of(1L, 2L), 100, 10));
    return new Sample(
        DatasetMessage.of(
            studyId,
            name,
            Origin.inline(),
            Preprocessing.raw(false),
            NumericArray.matrix(n, d, x),
            NumericArray.vector(y),
            DataHash.sha256(n, d, x, y),
            beta,
            null,
            10,
            plan),
        neuron);
  }

  public String id() {
    return dataset.experimentId();
  }

  public DatasetMessage dataset() {
    return dataset;
  }

  public Problem problem() {
    return problem;
  }

  /** A proved lower bound; the share of the best scale, from 0 to 1, says how good a one. */
  public RelaxationMessage lower(int revision, double share) {
    LowerEvidence evidence = triangle(share);
    double s = evidence.scale();
    double square = dot(problem.y(), 0, problem.y());
    return lower(revision, (s - 0.5 * s * s) * square * (1 - MARGIN), evidence);
  }

  /** A message of a method that works on: a lower bound with more to come. */
  public RelaxationMessage further(int revision, double share) {
    RelaxationMessage lower = lower(revision, share);
    return relaxation(
        RelaxationMethod.LIFTED,
        revision,
        false,
        Status.TIME_LIMIT,
        lower.value(),
        lower.lower(),
        dataset.sha256());
  }

  /** Word that the method failed, said to be computed from these data. */
  public RelaxationMessage failed(int revision, String sha256) {
    return relaxation(RelaxationMethod.LIFTED, revision, true, Status.FAILED, null, null, sha256);
  }

  private RelaxationMessage relaxation(
      RelaxationMethod method,
      int revision,
      boolean last,
      Status status,
      @Nullable Double value,
      @Nullable LowerEvidence lower,
      String sha256) {
    return new RelaxationMessage(
        id(),
        sha256,
        method,
        revision,
        last,
        status,
        status == Status.FAILED ? "It ran out of numbers." : null,
        BoundKind.LOWER,
        value,
        lower,
        null,
        Map.of(),
        3,
        0.125,
        HERE);
  }

  /** The dataset under another name and in another study. */
  public DatasetMessage called(String name, @Nullable String studyId) {
    return DatasetMessage.of(
        studyId,
        name,
        dataset.origin(),
        dataset.preprocessing(),
        dataset.x(),
        dataset.y(),
        dataset.sha256(),
        dataset.beta(),
        dataset.betaFraction(),
        dataset.betaMax(),
        dataset.plan());
  }

  /** A lower bound as claimed, proved or not. */
  public RelaxationMessage lower(int revision, double value, LowerEvidence evidence) {
    return relaxation(
        RelaxationMethod.LIFTED, revision, BoundKind.LOWER, value, evidence, null, true);
  }

  /** {@code nu = y} and this share of the largest scale that the triangle inequality allows. */
  public LowerEvidence triangle(double share) {
    double[] gradient = new double[problem.d()];
    double rows = 0;
    for (int i = 0; i < problem.n(); i++) {
      double square = 0;
      for (int k = 0; k < problem.d(); k++) {
        double entry = problem.x()[i * problem.d() + k];
        gradient[k] += entry * problem.y()[i];
        square += entry * entry;
      }
      rows += Math.abs(problem.y()[i]) * Math.sqrt(square);
    }
    double bound = 0.5 * Math.sqrt(dot(gradient, 0, gradient)) + 0.5 * rows;
    double scale = Math.min(1, problem.beta() / bound) * share * (1 - MARGIN);
    return new LowerEvidence(
        NumericArray.vector(problem.y()), scale, new Witness.Triangle(), new Witness.Triangle());
  }

  /** The gated program's value: an estimate. */
  public RelaxationMessage estimate(double value) {
    return relaxation(RelaxationMethod.GATED, 1, BoundKind.ESTIMATE, value, null, null, true);
  }

  /** A relaxation message that is an upper bound by this network. */
  public RelaxationMessage upper(double value, NetworkWeights network) {
    return relaxation(
        RelaxationMethod.CONE_DECOMPOSITION, 1, BoundKind.UPPER, value, null, network, true);
  }

  private RelaxationMessage relaxation(
      RelaxationMethod method,
      int revision,
      BoundKind kind,
      @Nullable Double value,
      @Nullable LowerEvidence lower,
      @Nullable NetworkWeights network,
      boolean last) {
    return new RelaxationMessage(
        id(),
        dataset.sha256(),
        method,
        revision,
        last,
        Status.CONVERGED,
        null,
        kind,
        value,
        lower,
        network,
        Map.of("relativeGap", 0.5, "another", 2.0),
        7,
        0.25,
        HERE);
  }

  /** A run that ended at the zero network, with {@code 1/2 ||y||^2}. */
  public TrainingMessage trainedToZero(long seed) {
    double value = 0.5 * dot(problem.y(), 0, problem.y()) * (1 + MARGIN);
    return trained(seed, value, zeroNetwork());
  }

  public NetworkWeights zeroNetwork() {
    return new NetworkWeights(
        NumericArray.matrix(0, problem.d(), new double[0]), NumericArray.vector());
  }

  /** A run that found the planted neuron. */
  public TrainingMessage trainedWell(long seed) {
    double loss = 0;
    for (int i = 0; i < problem.n(); i++) {
      double r = Math.max(0, dot(problem.x(), i * problem.d(), neuron)) - problem.y()[i];
      loss += r * r;
    }
    double penalty = dot(neuron, 0, neuron) + 1;
    double value = (0.5 * loss + 0.5 * problem.beta() * penalty) * (1 + MARGIN);
    return trained(seed, value, plantedNetwork());
  }

  public NetworkWeights plantedNetwork() {
    return new NetworkWeights(NumericArray.matrix(1, problem.d(), neuron), NumericArray.vector(1));
  }

  /** A run that ended as claimed, true or not. */
  public TrainingMessage trained(
      long seed, @Nullable Double value, @Nullable NetworkWeights network) {
    return new TrainingMessage(
        id(),
        dataset.sha256(),
        TrainingMethod.ADAM,
        10,
        seed,
        value == null ? Status.DIVERGED : Status.CONVERGED,
        null,
        value,
        network,
        new Curve(NumericArray.vector(0, 100), NumericArray.vector(9, 1)),
        network == null ? null : 0.125,
        0.01,
        100,
        0.5,
        HERE);
  }

  private static double dot(double[] a, int from, double[] b) {
    double sum = 0;
    for (int k = 0; k < b.length; k++) {
      sum += a[from + k] * b[k];
    }
    return sum;
  }
}
