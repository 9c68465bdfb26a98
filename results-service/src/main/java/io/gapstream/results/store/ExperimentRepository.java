package io.gapstream.results.store;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** Experiments, and the lock that orders everything that happens to one. */
@ApplicationScoped
public class ExperimentRepository implements PanacheRepositoryBase<ExperimentEntity, String> {

  /**
   * Waits until no other transaction, of this replica or another, works on the experiment. Held to
   * the end of the transaction. An advisory lock, because the experiment may have no row yet.
   */
  public void lock(String experimentId) {
    getEntityManager()
        .createNativeQuery(
            "select cast(pg_advisory_xact_lock(hashtextextended(:id, 0)) as text)", String.class)
        .setParameter("id", experimentId)
        .getSingleResult();
  }
}
