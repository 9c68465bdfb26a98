package io.gapstream.numerics.global;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.gradient.Precision;
import io.gapstream.numerics.optim.Lbfgs;
import io.gapstream.numerics.problem.Loss;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import io.gapstream.numerics.tau.Direction;
import io.gapstream.numerics.tau.LocalAscent;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Global optimisation of (P) by column generation; docs/mathematics.md, section 4. A network is
 * optimal once its residual {@code nu} has {@code tau(nu) <= beta}, so every direction beyond beta
 * is a neuron that lowers the value. The search for such directions is local: the result is a good
 * network and its value an upper bound, whether or not the search missed one.
 */
public final class ColumnGeneration {

  private static final int MEMORY = 20;
  private static final int MAX_ITERATIONS = 2000;
  private static final double POLISH_TOLERANCE = 1e-9;

  /** Directions up to this share beyond beta do not count as violated. */
  private static final double VIOLATION = 1e-6;

  /** The rounds end once three in a row lowered the value by less than this share. */
  private static final double STAGNATION = 1e-7;

  private static final int MAX_ROUNDS = 500;

  /** Of what is left of the time, what a search for directions may use. */
  private static final double SEARCH = 0.5;

  /** For each row, column and neuron: to resize, evaluate and prove what was polished. */
  private static final double SECONDS_TO_FINISH = 4e-9;

  private static final int MAX_ADDED = 20;

  /** Outputs of all neurons, n each, that are held at once at most: 256 MB. */
  public static final long MOST_OUTPUTS = 1L << 25;

  /** Neurons with less than this share of the sizes are dropped. */
  private static final double NEGLIGIBLE = 1e-9;

  private final Problem problem;
  private final ScaledProblem scaling;
  private final Problem scaled;
  private final int n;
  private final int d;
  private final Consumer<UpperBound> onImprovement;
  private UpperBound best;
  private List<Neuron> neurons = List.of();
  private double[] nu;
  private double value;
  private long rounds;

  /**
   * Starts with the zero network, whose bound costs next to nothing.
   *
   * @param onImprovement told of every network that is better than the ones before
   * @throws IllegalArgumentException if the magnitudes of X, y and beta are so far apart that a
   *     network or its value cannot be written in float64
   */
  public ColumnGeneration(Problem problem, Consumer<UpperBound> onImprovement) {
    this.problem = problem;
    this.onImprovement = onImprovement;
    scaling = new ScaledProblem(problem);
    scaled = scaling.problem();
    n = problem.n();
    d = problem.d();
    nu = scaled.y();
    value = Objective.value(scaled, Network.zero(d));
    if (!(Verifier.upper(problem, Network.zero(d)) instanceof Finding.Proved proved)) {
      throw new IllegalArgumentException(
          "1/2 ||y||^2 overflows, so no value of (P) can be written in float64; divide y and beta"
              + " by the same number.");
    }
    best = new UpperBound(proved.value(), Network.zero(d));
    onImprovement.accept(best);
  }

  /**
   * Alternates polishing and the search for violated directions until the search finds none, the
   * value stagnates or the deadline is reached. The first bound, that of the zero network, costs
   * next to nothing.
   *
   * @param seed of the starts of the search
   * @param onImprovement told of every network that is better than the ones before
   * @throws IllegalArgumentException if the magnitudes of X, y and beta are so far apart that a
   *     network or its value cannot be written in float64
   */
  public static ColumnGenerationResult solve(
      Problem problem, long seed, Deadline deadline, Consumer<UpperBound> onImprovement) {
    ColumnGeneration generation = new ColumnGeneration(problem, onImprovement);
    boolean converged = generation.run(seed, deadline);
    return new ColumnGenerationResult(generation.bound(), converged, generation.rounds());
  }

  /**
   * Alternates polishing and the search for violated directions, from the network it has.
   *
   * @param seed of the starts of the search
   * @return whether the search found no violated direction, rather than that the value stagnated or
   *     the deadline came
   */
  public boolean run(long seed, Deadline deadline) {
    int stagnant = 0;
    for (int round = 0; round < MAX_ROUNDS && stagnant < 3 && !deadline.reached(); round++) {
      Deadline search = deadline.share(SEARCH);
      List<Direction> violated = violated(seed + round, search);
      if (violated.isEmpty()) {
        return !search.reached();
      }
      stagnant = add(violated, deadline) ? 0 : stagnant + 1;
    }
    return false;
  }

  /**
   * Adds neurons in the given directions, which belong to the scaled problem, and polishes. Where
   * the time does not suffice the network stays as it was.
   *
   * @return whether that lowered the value worth mentioning
   */
  public boolean add(List<Direction> directions, Deadline deadline) {
    rounds++;
    try {
      Pace pace = new Pace(deadline);
      List<Neuron> candidates = new ArrayList<>(neurons);
      for (Direction direction : directions) {
        candidates.add(
            Neuron.of(direction.u(), direction.sign(), direction.kinks(), scaled.x(), pace));
      }
      List<Neuron> fresh = resize(polish(resize(candidates, deadline), deadline), deadline);
      Network network = network(fresh);
      double[] residual = Objective.residual(scaled, network, deadline);
      consider(network, deadline);
      neurons = fresh;
      nu = residual;
      double next = Objective.value(scaled, network, residual);
      boolean lower = next < value * (1 - STAGNATION);
      value = Math.min(value, next);
      return lower;
    } catch (TimeUpException e) {
      return false;
    }
  }

  /** The best network so far. */
  public UpperBound bound() {
    return best;
  }

  /**
   * The residual {@code y - f(X)} of the last network, in the scaled problem; n. Not to be
   * modified.
   */
  public double[] residual() {
    return nu;
  }

  /** Rounds of polishing so far. */
  public long rounds() {
    return rounds;
  }

  /** Directions beyond beta, the worst first, at most as many as are worth adding at once. */
  private List<Direction> violated(long seed, Deadline deadline) {
    List<double[]> starts = new ArrayList<>();
    for (Neuron neuron : neurons) {
      starts.add(neuron.u);
    }
    List<Direction> violated = new ArrayList<>();
    long most = Math.min(MAX_ADDED, Math.max(1, MOST_OUTPUTS / n - neurons.size()));
    for (Direction direction : LocalAscent.maxima(n, d, scaled.x(), nu, seed, starts, deadline)) {
      if (direction.value() > scaled.beta() * (1 + VIOLATION) && violated.size() < most) {
        violated.add(direction);
      }
    }
    return violated;
  }

  /** The neurons with the best sizes for their directions; those that are not needed are gone. */
  private List<Neuron> resize(List<Neuron> neurons, Deadline deadline) {
    double[] sizes = Master.sizes(scaled, neurons, deadline);
    double total = 0;
    for (double size : sizes) {
      total += size;
    }
    List<Neuron> kept = new ArrayList<>();
    for (int j = 0; j < sizes.length; j++) {
      if (sizes[j] > NEGLIGIBLE * total) {
        kept.add(neurons.get(j).withSize(sizes[j]));
      }
    }
    return kept;
  }

  /** A local minimum of (P) near the neurons, each within its subspace. */
  private List<Neuron> polish(List<Neuron> neurons, Deadline deadline) {
    int m = neurons.size();
    if (m == 0) {
      return neurons;
    }
    double[] theta = new double[(d + 1) * m];
    for (int j = 0; j < m; j++) {
      Neuron neuron = neurons.get(j);
      double root = Math.sqrt(neuron.size);
      for (int k = 0; k < d; k++) {
        theta[k * m + j] = root * neuron.u[k];
      }
      theta[d * m + j] = root * neuron.sign;
    }
    Loss loss = new Loss(scaled, m, Precision.FLOAT64, deadline);
    Pace pace = new Pace(deadline);
    double[] column = new double[d];
    Deadline search = deadline.earlier(SECONDS_TO_FINISH * n * d * m);
    new Lbfgs(MEMORY, MAX_ITERATIONS, POLISH_TOLERANCE, search)
        .minimize(
            (point, gradient) -> {
              double value = loss.gradient(point, gradient);
              for (int j = 0; j < m; j++) {
                pace.count(neurons.get(j).work());
                for (int k = 0; k < d; k++) {
                  column[k] = gradient[k * m + j];
                }
                neurons.get(j).tie(column);
                for (int k = 0; k < d; k++) {
                  gradient[k * m + j] = column[k];
                }
              }
              return value;
            },
            theta);
    List<Neuron> polished = new ArrayList<>();
    for (int j = 0; j < m; j++) {
      for (int k = 0; k < d; k++) {
        column[k] = theta[k * m + j];
      }
      // A neuron whose output weight changed its sign has passed through zero.
      double output = neurons.get(j).sign * theta[d * m + j];
      if (output > 0) {
        polished.add(neurons.get(j).withWeights(column, output));
      }
    }
    return polished;
  }

  /** The balanced network of the scaled problem. */
  private Network network(List<Neuron> neurons) {
    int m = neurons.size();
    double[] u = new double[m * d];
    double[] a = new double[m];
    for (int j = 0; j < m; j++) {
      Neuron neuron = neurons.get(j);
      double root = Math.sqrt(neuron.size);
      for (int k = 0; k < d; k++) {
        u[j * d + k] = root * neuron.u[k];
      }
      a[j] = root * neuron.sign;
    }
    return new Network(m, d, u, a);
  }

  /** Has a network's value proved and keeps it if it is better. */
  private void consider(Network network, Deadline deadline) {
    Network unscaled = scaling.unscaleNetwork(network.m(), network.u(), network.a());
    if (Verifier.upper(problem, unscaled, deadline) instanceof Finding.Proved proved
        && proved.value() < best.value()) {
      best = new UpperBound(proved.value(), unscaled);
      onImprovement.accept(best);
    }
  }
}
