package io.gapstream.results.store;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Results that wait for their dataset. */
@ApplicationScoped
public class PendingClaimRepository implements PanacheRepositoryBase<PendingClaimEntity, String> {

  /** The one that has waited longest. */
  public Optional<PendingClaimEntity> first(String experimentId) {
    return find("experimentId", Sort.by("receivedAt").and("payloadSha256"), experimentId)
        .range(0, 0)
        .firstResultOptional();
  }
}
