package io.gapstream.results.store;

import io.gapstream.contracts.Verdict;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.query.Query;

/** Certificates: one, pages of many, and word of changes to every replica. */
@ApplicationScoped
public class CertificateRepository implements PanacheRepositoryBase<CertificateEntity, String> {

  private static final String WITH_EXPERIMENT =
      "select c from CertificateEntity c join fetch c.experiment e";

  /** Tells every replica, once this transaction has committed, that the certificate changed. */
  public void announceChange(String experimentId) {
    getEntityManager()
        .createNativeQuery("select cast(pg_notify(:channel, :id) as text)", String.class)
        .setParameter("channel", ChangeListener.CHANNEL)
        .setParameter("id", experimentId)
        .getSingleResult();
  }

  /** A certificate with its experiment. */
  public Optional<CertificateEntity> withExperiment(String experimentId) {
    return find(WITH_EXPERIMENT + " where c.experimentId = ?1", experimentId)
        .singleResultOptional();
  }

  /** Certificates with their experiments; those that do not exist are left out. */
  public List<CertificateEntity> withExperiments(Collection<String> experimentIds) {
    return list(WITH_EXPERIMENT + " where c.experimentId in ?1", experimentIds);
  }

  /** The number of certificates by verdict. */
  public Map<Verdict, Long> countByVerdict() {
    Map<Verdict, Long> counts = new HashMap<>();
    getEntityManager()
        .createQuery(
            "select c.verdict, count(c) from CertificateEntity c group by c.verdict",
            Object[].class)
        .getResultList()
        .forEach(row -> counts.put((Verdict) row[0], (Long) row[1]));
    return counts;
  }

  /** One page of certificates with their experiments. */
  public List<CertificateEntity> page(CertificateQuery query) {
    List<String> conditions = new ArrayList<>();
    Map<String, Object> parameters = new HashMap<>();
    query
        .filters()
        .forEach(
            (filter, value) -> {
              conditions.add(filter.condition);
              parameters.put(filter.name(), value);
            });
    String column = query.sort().path;
    String beyond = query.descending() ? "<" : ">";
    if (query.after() != null) {
      Comparable<?> value = query.after().value();
      parameters.put("afterId", query.after().experimentId());
      if (value == null) {
        conditions.add(column + " is null and e.id > :afterId");
      } else {
        parameters.put("after", value);
        conditions.add(
            String.format(
                "(%1$s %2$s :after or %1$s = :after and e.id > :afterId or %1$s is null)",
                column, beyond));
      }
    }
    String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    String order =
        " order by " + column + (query.descending() ? " desc" : " asc") + " nulls last, e.id asc";
    Query<CertificateEntity> hql =
        getEntityManager()
            .unwrap(org.hibernate.Session.class)
            .createQuery(WITH_EXPERIMENT + where + order, CertificateEntity.class);
    parameters.forEach(hql::setParameter);
    return hql.setMaxResults(query.limit()).getResultList();
  }
}
