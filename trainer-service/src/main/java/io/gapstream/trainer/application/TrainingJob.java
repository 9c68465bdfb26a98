package io.gapstream.trainer.application;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.Curve;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.contracts.TrainingPrecision;
import io.gapstream.contracts.TrainingRun;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.gradient.Precision;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.reduction.ReducedProblem;
import io.gapstream.numerics.training.Training;
import io.gapstream.numerics.training.TrainingResult;
import io.gapstream.numerics.training.TrainingSettings;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import io.gapstream.servicekit.FailureReason;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.JobStoppedException;
import io.gapstream.servicekit.ProgressReporter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Does the training runs of a dataset's plan within its budget. Every planned run sends exactly one
 * last result, whatever happens to it. Used by one thread, once.
 */
public final class TrainingJob {

  private static final Logger LOG = Logger.getLogger(TrainingJob.class);

  /** Of the budget, what finding fewer columns may use before there are none. */
  private static final double REDUCTION_SHARE = 0.5;

  /** The service itself, and the records that wait in it. */
  private static final long RESERVED_BYTES = 160L << 20;

  /** Arrays of as many numbers as a network has weights; those of L-BFGS come on top. */
  private static final int WEIGHT_ARRAYS = 20;

  /** Copies of the data: the message, the problem, the scaled one, and one in single precision. */
  private static final int DATA_COPIES = 8;

  /** Outputs of all neurons for the rows that are worked off at once, by two threads together. */
  private static final long BLOCK_BYTES = 1L << 20;

  private static final int LEAST_BLOCK_ROWS = 8;

  /** The pairs of steps that L-BFGS keeps. */
  private static final long PAIRS_BYTES = 64L << 20;

  private final DatasetMessage dataset;
  private final TrainingPlan plan;
  private final Problem problem;
  private final Environment environment;
  private final JobControl control;
  private final Function<TrainingMessage, CompletableFuture<Void>> send;
  private final ProgressReporter progress;
  private final long maxBytes;
  private long runStartNanos;

  /** As the other one, with what the heap leaves to one job. */
  public TrainingJob(
      DatasetMessage dataset,
      Problem problem,
      Environment environment,
      JobControl control,
      Function<TrainingMessage, CompletableFuture<Void>> send,
      ProgressReporter progress) {
    this(dataset, problem, environment, control, send, progress, heapBytes(1));
  }

  /**
   * @param problem the one that the dataset poses
   * @param control stops the job; its clock is the one that the budget is measured by
   * @param send completes once the broker has the message
   * @param maxBytes the most memory for all that a run holds
   */
  public TrainingJob(
      DatasetMessage dataset,
      Problem problem,
      Environment environment,
      JobControl control,
      Function<TrainingMessage, CompletableFuture<Void>> send,
      ProgressReporter progress,
      long maxBytes) {
    this.maxBytes = maxBytes;
    this.dataset = dataset;
    this.plan = dataset.plan().training();
    this.problem = problem;
    this.environment = environment;
    this.control = control;
    this.send = send;
    this.progress = progress;
  }

  /** The memory that each of some jobs at a time may take of this virtual machine's heap. */
  public static long heapBytes(int jobs) {
    return Math.max(1, Runtime.getRuntime().maxMemory() - RESERVED_BYTES) / jobs;
  }

  /**
   * Does every run and returns once the broker has every result. What is left of the budget is
   * divided evenly over the runs that are left, so what an early run does not use goes to the later
   * ones.
   *
   * @throws JobStoppedException if the job is stopped first; what the running run had by then was
   *     sent
   */
  public void run() {
    Deadline deadline =
        Deadline.after(Duration.ofNanos((long) (plan.budgetSeconds() * 1e9)), control.nanoClock());
    ReducedProblem reduced = ReducedProblem.of(problem, deadline.share(REDUCTION_SHARE));
    List<TrainingRun> runs = plan.runs();
    for (int i = 0; i < runs.size(); i++) {
      run(runs.get(i), reduced, deadline.share(1.0 / (runs.size() - i)));
    }
  }

  private void run(TrainingRun run, ReducedProblem reduced, Deadline deadline) {
    String activity = run.method() + " width " + run.width() + " seed " + run.seed();
    progress.started(activity);
    runStartNanos = control.workedNanos();
    double seconds = deadline.remaining().toNanos() * 1e-9;
    Deadline end = deadline.by(control.handInClock());
    TrainingMessage result;
    try {
      result = train(run, reduced, deadline, end);
    } catch (TimeUpException e) {
      control.check();
      result = failed(dataset, run, outOfTime(seconds), elapsedSeconds(), environment);
    } catch (RuntimeException e) {
      control.check();
      LOG.errorf(e, "Run failed: experimentId=%s, run=%s", dataset.experimentId(), activity);
      result = failed(dataset, run, FailureReason.of(e), elapsedSeconds(), environment);
    }
    if (control.stopped() && result.value() != null) {
      control.await(send.apply(result.withMoreToCome())); // the run is done again
    }
    control.check();
    send(run, result);
    progress.finished(activity, result.value(), BoundKind.UPPER);
  }

  private double elapsedSeconds() {
    return (control.workedNanos() - runStartNanos) * 1e-9;
  }

  private String outOfTime(double seconds) {
    return String.format(
        Locale.ROOT,
        "The run's share of the budget, %.3g s, ended before a network could be proved on %d rows"
            + " of %d columns; give a larger budgetSeconds, fewer runs or a smaller width.",
        seconds,
        problem.n(),
        problem.d());
  }

  private void requireMemory(TrainingRun run) {
    double bytes = bytes(problem.n(), problem.d(), run.width());
    if (bytes > maxBytes) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Training a network of width %d on %d rows of %d columns takes about %d MB of memory"
                  + " and %d MB are free for it; lower the width or give the service a larger"
                  + " heap.",
              run.width(),
              problem.n(),
              problem.d(),
              (long) Math.ceil(bytes * 1e-6),
              (long) (maxBytes * 1e-6)));
    }
  }

  /** What a run takes at its peak, about. */
  static double bytes(int n, int d, int width) {
    double weights = (double) WEIGHT_ARRAYS * Double.BYTES * width * (d + 1);
    double data = (double) DATA_COPIES * Double.BYTES * n * (d + 1);
    double block = (double) LEAST_BLOCK_ROWS * Double.BYTES * width;
    return data + weights + Math.max(BLOCK_BYTES, block) + PAIRS_BYTES;
  }

  private void send(TrainingRun run, TrainingMessage result) {
    try {
      control.await(send.apply(result));
    } catch (CompletionException e) {
      if (result.status() == Status.FAILED) {
        throw e;
      }
      control.check();
      control.await(
          send.apply(
              failed(dataset, run, FailureReason.of(e), result.elapsedSeconds(), environment)));
    }
  }

  /**
   * @param deadline reached at once when the job is to stop
   * @param end a moment later then, so that what there is can be proved
   */
  private TrainingMessage train(
      TrainingRun run, ReducedProblem reduced, Deadline deadline, Deadline end) {
    deadline.check(); // nothing is begun when even the grace is over
    requireMemory(run);
    TrainingResult result = Training.run(reduced.problem(), settings(run), deadline, end);
    if (result.status() == TrainingResult.Status.DIVERGED) {
      return message(run, result, null, null, elapsedSeconds());
    }
    Network network = reduced.lift(result.network());
    Finding finding = Verifier.upper(problem, network, end);
    if (finding instanceof Finding.Proved proved) {
      return message(run, result, network, proved.value(), elapsedSeconds());
    }
    return failed(
        dataset,
        run,
        "The network proves no upper bound: " + ((Finding.Refuted) finding).reason(),
        elapsedSeconds(),
        environment);
  }

  private TrainingMessage message(
      TrainingRun run,
      TrainingResult result,
      @Nullable Network network,
      @Nullable Double value,
      double elapsedSeconds) {
    return new TrainingMessage(
        dataset.experimentId(),
        dataset.sha256(),
        run.method(),
        run.width(),
        run.seed(),
        status(result.status()),
        null,
        value,
        network == null ? null : weights(network),
        new Curve(
            NumericArray.vector(result.curveSteps()), NumericArray.vector(result.curveValues())),
        value == null ? null : result.patternDrift(),
        result.learningRate(),
        result.steps(),
        elapsedSeconds,
        environment);
  }

  /**
   * A failed result of every planned run that has no last result yet.
   *
   * @param sent what was sent of this dataset so far
   */
  public static List<TrainingMessage> failures(
      DatasetMessage dataset, List<TrainingMessage> sent, String reason, Environment environment) {
    Set<TrainingRun> done =
        sent.stream()
            .filter(TrainingMessage::endsRun)
            .map(TrainingMessage::run)
            .collect(Collectors.toUnmodifiableSet());
    return dataset.plan().training().runs().stream()
        .filter(run -> !done.contains(run))
        .map(run -> failed(dataset, run, reason, 0, environment))
        .toList();
  }

  private static TrainingMessage failed(
      DatasetMessage dataset,
      TrainingRun run,
      String reason,
      double elapsedSeconds,
      Environment environment) {
    return new TrainingMessage(
        dataset.experimentId(),
        dataset.sha256(),
        run.method(),
        run.width(),
        run.seed(),
        Status.FAILED,
        reason,
        null,
        null,
        new Curve(NumericArray.vector(), NumericArray.vector()),
        null,
        0,
        0,
        elapsedSeconds,
        environment);
  }

  private static NetworkWeights weights(Network network) {
    return new NetworkWeights(
        NumericArray.matrix(network.m(), network.d(), network.u()),
        NumericArray.vector(network.a()));
  }

  private TrainingSettings settings(TrainingRun run) {
    return new TrainingSettings(
        method(run.method()),
        run.width(),
        run.seed(),
        plan.steps(),
        plan.batchRows() == null ? TrainingSettings.OWN_BATCH : plan.batchRows(),
        plan.precision() == TrainingPrecision.FLOAT32 ? Precision.FLOAT32 : Precision.FLOAT64);
  }

  private static TrainingSettings.Method method(TrainingMethod method) {
    return switch (method) {
      case GRADIENT_DESCENT -> TrainingSettings.Method.GRADIENT_DESCENT;
      case SGD_MOMENTUM -> TrainingSettings.Method.SGD_MOMENTUM;
      case ADAM -> TrainingSettings.Method.ADAM;
      case LBFGS -> TrainingSettings.Method.LBFGS;
    };
  }

  private static Status status(TrainingResult.Status status) {
    return switch (status) {
      case CONVERGED -> Status.CONVERGED;
      case ITERATION_LIMIT -> Status.ITERATION_LIMIT;
      case TIME_LIMIT -> Status.TIME_LIMIT;
      case DIVERGED -> Status.DIVERGED;
    };
  }
}
