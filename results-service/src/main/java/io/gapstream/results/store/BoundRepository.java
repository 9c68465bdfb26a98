package io.gapstream.results.store;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.jpa.HibernateHints;
import org.jspecify.annotations.Nullable;

/** The bounds of certificates, with what they rest on. */
@ApplicationScoped
public class BoundRepository {

  private final EntityManager entities;

  BoundRepository(EntityManager entities) {
    this.entities = entities;
  }

  /**
   * A certificate with the evidence for one of its bounds, both from the same moment.
   *
   * @param evidence absent while there is no such bound
   */
  public record Bound(CertificateEntity certificate, @Nullable EvidenceEntity evidence) {}

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

  /** The lower bound; empty if there is no such experiment. */
  public Optional<Bound> lower(String experimentId) {
    return find("lowerResult", experimentId);
  }

  /** The upper bound; empty if there is no such experiment. */
  public Optional<Bound> upper(String experimentId) {
    return find("upperResult", experimentId);
  }

  // One statement: between two, a tighter bound could come with evidence of its own.
  private Optional<Bound> find(String result, String experimentId) {
    return entities
        .createQuery(
            "select c, v from CertificateEntity c join fetch c.experiment"
                + " left join EvidenceEntity v on v.resultId = c."
                + result
                + " where c.experimentId = :id",
            Tuple.class)
        .setParameter("id", experimentId)
        .setHint(HibernateHints.HINT_READ_ONLY, true) // keeps no second copy of the evidence
        .getResultStream()
        .map(
            row -> new Bound(row.get(0, CertificateEntity.class), row.get(1, EvidenceEntity.class)))
        .findFirst();
  }

  /** Both bounds; empty if there is no such experiment. */
  public Optional<Interval> interval(String experimentId) {
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
        .setHint(HibernateHints.HINT_READ_ONLY, true)
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
