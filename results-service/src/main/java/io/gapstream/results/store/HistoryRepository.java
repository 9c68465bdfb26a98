package io.gapstream.results.store;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The versions of certificates. */
@ApplicationScoped
public class HistoryRepository implements PanacheRepositoryBase<HistoryEntity, VersionId> {

  /** Every version of one certificate, the first one first. */
  public List<HistoryEntity> of(String experimentId) {
    return list("experimentId", Sort.by("version"), experimentId);
  }
}
