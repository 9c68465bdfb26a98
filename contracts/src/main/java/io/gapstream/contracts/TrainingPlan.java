package io.gapstream.contracts;

import java.util.List;

/**
 * What trainer-service is asked to do with a dataset: one run for every combination of method,
 * width and seed.
 *
 * @param methods the methods; empty for no training
 * @param widths neurons, each from 1
 * @param seeds each gives one Gaussian initialisation
 * @param steps the most steps of a run
 * @param budgetSeconds for all runs together, from the start of the job
 */
public record TrainingPlan(
    List<TrainingMethod> methods,
    List<Integer> widths,
    List<Long> seeds,
    int steps,
    double budgetSeconds) {

  private static final int MAX_RUNS = 10_000;

  /** Checks the ranges and copies the lists. */
  public TrainingPlan {
    methods = List.copyOf(Check.present(methods, "plan.training.methods"));
    widths = List.copyOf(Check.present(widths, "plan.training.widths"));
    seeds = List.copyOf(Check.present(seeds, "plan.training.seeds"));
    for (int width : widths) {
      Check.count(width, 1, 1_000_000, "plan.training.widths");
    }
    distinct(methods, "methods");
    distinct(widths, "widths");
    distinct(seeds, "seeds");
    Check.count(
        (long) methods.size() * widths.size() * seeds.size(), 0, MAX_RUNS, "plan.training runs");
    Check.count(steps, 1, 100_000_000, "plan.training.steps");
    Check.budget(budgetSeconds, "plan.training.budgetSeconds");
  }

  private static void distinct(List<?> values, String field) {
    Check.that(
        values.stream().distinct().count() == values.size(),
        "plan.training.%s is %s; name each once.",
        field,
        values);
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
