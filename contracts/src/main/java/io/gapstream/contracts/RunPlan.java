package io.gapstream.contracts;

/**
 * What to run on a dataset. The experiment is complete once every method of the relaxation plan and
 * every run of the training plan has sent its last result.
 *
 * @param relaxation what relaxation-service is asked to do
 * @param training what trainer-service is asked to do
 */
public record RunPlan(RelaxationPlan relaxation, TrainingPlan training) {

  /** Checks that both parts are there. */
  public RunPlan {
    Check.present(relaxation, "plan.relaxation");
    Check.present(training, "plan.training");
  }

  /** Refuses a plan whose patterns or networks are too large for data of this size. */
  void requireRoom(int n, int d) {
    relaxation.requireRoom(n, d);
    training.requireRoom(d);
  }

  /** The number of last results that make the experiment complete. */
  public int plannedResults() {
    return relaxation.methods().size() + training.runs().size();
  }
}
