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
    methods = Check.list(methods, RelaxationMethod.values().length, "plan.relaxation.methods");
    Check.count(patterns, 1, 1_000_000, "plan.relaxation.patterns");
    Check.budget(budgetSeconds, "plan.relaxation.budgetSeconds");
  }

  void requireRoom(int n, int d) {
    if (methods.contains(RelaxationMethod.GATED)
        || methods.contains(RelaxationMethod.CONE_DECOMPOSITION)) {
      Check.that(
          patterns * (n + 64L * d) <= Limits.MAX_PATTERN_BITS,
          "plan.relaxation.patterns is %s; with n = %s and d = %s at most %s are allowed.",
          patterns,
          n,
          d,
          Limits.MAX_PATTERN_BITS / (n + 64L * d));
    }
  }
}
