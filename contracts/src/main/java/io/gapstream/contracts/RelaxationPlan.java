package io.gapstream.contracts;

import java.util.List;

/**
 * What relaxation-service is asked to do with a dataset.
 *
 * @param methods what to run; empty for nothing
 * @param patterns Gaussian activation patterns to sample for the gated program, before duplicates
 *     are dropped
 * @param seed of everything random in it
 * @param budgetSeconds for all methods together, from the start of the job
 */
public record RelaxationPlan(
    List<RelaxationMethod> methods, int patterns, long seed, double budgetSeconds) {

  /** Checks the ranges and copies the list. */
  public RelaxationPlan {
    methods = List.copyOf(Check.present(methods, "plan.relaxation.methods"));
    Check.that(
        methods.stream().distinct().count() == methods.size(),
        "plan.relaxation.methods is %s; name each method once.",
        methods);
    Check.count(patterns, 1, 1_000_000, "plan.relaxation.patterns");
    Check.budget(budgetSeconds, "plan.relaxation.budgetSeconds");
  }
}
