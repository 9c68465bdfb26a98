package io.gapstream.datagenerator.application;

import io.gapstream.contracts.RunPlan;

/**
 * What a dataset asks of the workers, in seconds of budget; 0 of a group that has nothing to run.
 *
 * @param relaxationSeconds for relaxation-service
 * @param trainingSeconds for trainer-service
 */
public record Work(double relaxationSeconds, double trainingSeconds) {

  /** Of a message that the workers refuse. */
  public static final Work NONE = new Work(0, 0);

  /** What a plan asks for. */
  public static Work of(RunPlan plan) {
    return new Work(
        plan.relaxation().methods().isEmpty() ? 0 : plan.relaxation().budgetSeconds(),
        plan.training().runs().isEmpty() ? 0 : plan.training().budgetSeconds());
  }
}
