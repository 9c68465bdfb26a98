package io.gapstream.results.store;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.Verdict;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Results, and the best among them. */
@ApplicationScoped
public class ResultRepository implements PanacheRepositoryBase<ResultEntity, String> {

  /** The largest verified lower bound; among equals always the same one. */
  public Optional<ResultEntity> bestLower(String experimentId) {
    return best(experimentId, BoundKind.LOWER, Sort.by("value").descending());
  }

  /** The least verified upper bound; among equals always the same one. */
  public Optional<ResultEntity> bestUpper(String experimentId) {
    return best(experimentId, BoundKind.UPPER, Sort.by("value"));
  }

  private Optional<ResultEntity> best(String experimentId, BoundKind kind, Sort sort) {
    return find(
            "experimentId = :experimentId and kind = :kind and verdict = :verdict",
            sort.and("rung").and("id"),
            Parameters.with("experimentId", experimentId)
                .and("kind", kind)
                .and("verdict", Verdict.VERIFIED))
        .range(0, 0)
        .firstResultOptional();
  }

  /** The training run with the least verified value; among equals always the same one. */
  public Optional<ResultEntity> bestTraining(String experimentId) {
    return find(
            "experimentId = :experimentId and kind = :kind and verdict = :verdict"
                + " and source = :source",
            Sort.by("value").and("id"),
            Parameters.with("experimentId", experimentId)
                .and("kind", BoundKind.UPPER)
                .and("verdict", Verdict.VERIFIED)
                .and("source", Source.TRAINING))
        .range(0, 0)
        .firstResultOptional();
  }

  /** Whether one of these results is complete. */
  public boolean anyComplete(List<String> ids) {
    return count("id in ?1 and complete", ids) > 0;
  }

  /** Every result of an experiment, in the order of their ids. */
  public List<ResultEntity> of(String experimentId) {
    return list(
        "experimentId",
        Sort.by("source").and("method").and("width").and("seed").and("kind"),
        experimentId);
  }
}
