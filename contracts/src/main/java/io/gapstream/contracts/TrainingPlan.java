package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What trainer-service is asked to do with a dataset: one run for every combination of method,
 * width and seed.
 *
 * @param methods the methods; empty for no training
 * @param widths neurons, each from 1
 * @param seeds each gives one Gaussian initialisation
 * @param steps the most steps of a run
 * @param budgetSeconds for all runs together, from the start of the job
 * @param precision of the gradients; absent for float64
 * @param batchRows rows in a mini-batch, for every method but lbfgs, all rows where there are no
 *     more; absent for each method's own number
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingPlan(
    List<TrainingMethod> methods,
    List<Integer> widths,
    List<Long> seeds,
    int steps,
    double budgetSeconds,
    @Nullable TrainingPrecision precision,
    @Nullable Integer batchRows) {

  private static final int MAX_RUNS = 10_000;

  /** Checks the ranges and copies the lists. */
  public TrainingPlan {
    methods = Check.list(methods, TrainingMethod.values().length, "plan.training.methods");
    widths = Check.list(widths, MAX_RUNS, "plan.training.widths");
    seeds = Check.list(seeds, MAX_RUNS, "plan.training.seeds");
    for (int width : widths) {
      Check.count(width, 1, 1_000_000, "plan.training.widths");
    }
    Check.count(
        (long) methods.size() * widths.size() * seeds.size(), 0, MAX_RUNS, "plan.training runs");
    Check.count(steps, 1, 100_000_000, "plan.training.steps");
    Check.budget(budgetSeconds, "plan.training.budgetSeconds");
    if (batchRows != null) {
      Check.count(batchRows, 1, Integer.MAX_VALUE, "plan.training.batchRows");
    }
  }

  /** In float64, with each method's own batches. */
  public TrainingPlan(
      List<TrainingMethod> methods,
      List<Integer> widths,
      List<Long> seeds,
      int steps,
      double budgetSeconds) {
    this(methods, widths, seeds, steps, budgetSeconds, null, null);
  }

  void requireRoom(int d) {
    for (int width : methods.isEmpty() ? List.<Integer>of() : widths) {
      Check.that(
          width * (d + 1L) <= Limits.MAX_NETWORK_VALUES,
          "plan.training.widths holds %s; with d = %s at most %s are allowed.",
          width,
          d,
          Limits.MAX_NETWORK_VALUES / (d + 1L));
    }
  }

  /** Every run, in the order in which they are done. */
  public List<TrainingRun> runs() {
    return widths.stream()
        .flatMap(
            width ->
                seeds.stream()
                    .flatMap(
                        seed ->
                            methods.stream().map(method -> new TrainingRun(method, width, seed))))
        .toList();
  }
}
