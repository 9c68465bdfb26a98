package io.gapstream.results.store;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What certificates rest on. */
@ApplicationScoped
public class EvidenceRepository {

  private final EntityManager entities;

  EvidenceRepository(EntityManager entities) {
    this.entities = entities;
  }

  /**
   * A certificate with the evidence for both of its bounds, all from the same moment.
   *
   * @param lower absent while there is no such bound
   * @param upper absent while there is no such bound
   * @param at when this version came about; absent while there is none
   */
  public record Interval(
      CertificateEntity certificate,
      @Nullable EvidenceEntity lower,
      @Nullable EvidenceEntity upper,
      @Nullable Instant at) {}

  /** An experiment's interval; empty if there is no such experiment. */
  public Optional<Interval> interval(String experimentId) {
    // One statement: between two, a tighter bound could come with evidence of its own.
    return entities
        .createQuery(
            "select c, l, u, h.at from CertificateEntity c join fetch c.experiment"
                + " left join EvidenceEntity l on l.resultId = c.lowerResult"
                + " left join EvidenceEntity u on u.resultId = c.upperResult"
                + " left join HistoryEntity h on h.experimentId = c.experimentId"
                + " and h.version = c.version"
                + " where c.experimentId = :id",
            Tuple.class)
        .setParameter("id", experimentId)
        .getResultStream()
        .map(
            row ->
                new Interval(
                    row.get(0, CertificateEntity.class),
                    row.get(1, EvidenceEntity.class),
                    row.get(2, EvidenceEntity.class),
                    row.get(3, Instant.class)))
        .findFirst();
  }
}
