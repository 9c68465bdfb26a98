package io.gapstream.results.store;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;

/** The labels under which experiments were given. */
@ApplicationScoped
public class ExperimentLabelRepository
    implements PanacheRepositoryBase<ExperimentLabelEntity, String> {

  /** The label given last; of those given at once always the same one. */
  public ExperimentLabelEntity newest(String experimentId) {
    return find(
            "experimentId",
            Sort.by("givenAt")
                .descending()
                .and("name")
                .and("studyId", Sort.Direction.Ascending, Sort.NullPrecedence.NULLS_LAST)
                .and("origin"),
            experimentId)
        .range(0, 0)
        .singleResult();
  }
}
