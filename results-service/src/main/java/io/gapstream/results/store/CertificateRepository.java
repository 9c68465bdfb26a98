package io.gapstream.results.store;

import io.gapstream.contracts.Verdict;
import io.gapstream.results.store.CertificateQuery.Position;
import io.gapstream.results.store.CertificateQuery.Sort;
import io.gapstream.results.store.JsonNames.VerdictConverter;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.hibernate.Session;
import org.hibernate.query.Query;
import org.jspecify.annotations.Nullable;

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

  /** The number of certificates by verdict; reads the tally that a trigger keeps, not the table. */
  public Map<Verdict, Long> countByVerdict() {
    VerdictConverter verdicts = new VerdictConverter();
    Map<Verdict, Long> counts = new EnumMap<>(Verdict.class);
    getEntityManager()
        .unwrap(Session.class)
        .createNativeQuery(
            "select verdict, cast(sum(change) as bigint) from certificate_tally group by verdict",
            Tuple.class)
        .getResultList()
        .forEach(
            row ->
                counts.put(
                    verdicts.convertToEntityAttribute(row.get(0, String.class)),
                    row.get(1, Long.class)));
    return counts;
  }

  /**
   * Adds the tally's lines up, so that reading it stays quick. Replicas that come while one does it
   * leave it to that one.
   */
  public void foldTally() {
    getEntityManager()
        .createNativeQuery(
            """
            with folded as (
              delete from certificate_tally
              where pg_try_advisory_xact_lock(hashtext('certificate_tally'))
              returning verdict, change)
            insert into certificate_tally (verdict, change)
            select verdict, sum(change) from folded group by verdict having sum(change) <> 0
            """)
        .executeUpdate();
  }

  /**
   * One page of certificates with their experiments. Without filters it reads about as many rows as
   * it gives: an index has every order, and the rows that lack the value, which come last, are a
   * part of the list for themselves.
   */
  public List<CertificateEntity> page(CertificateQuery query) {
    Position after = query.after();
    boolean missing = after != null && after.value() == null;
    // Rows that lose their value between the two statements are seen by both.
    Set<CertificateEntity> page = new LinkedHashSet<>();
    if (!missing) {
      page.addAll(part(query, after, false, query.limit()));
    }
    if (query.sort().mayBeMissing && page.size() < query.limit()) {
      page.addAll(part(query, missing ? after : null, true, query.limit() - page.size()));
    }
    return List.copyOf(page);
  }

  /**
   * The rows that have the value sorted by, or those that lack it.
   *
   * @param after a row of this part, or null for its beginning
   */
  private List<CertificateEntity> part(
      CertificateQuery query, @Nullable Position after, boolean missing, int limit) {
    List<String> conditions = new ArrayList<>();
    Map<String, Object> parameters = new HashMap<>();
    query
        .filters()
        .forEach(
            (filter, value) -> {
              conditions.add(filter.condition);
              parameters.put(filter.name(), value);
            });
    Sort sort = query.sort();
    if (sort.mayBeMissing) {
      conditions.add(sort.path + (missing ? " is null" : " is not null"));
    }
    if (after != null) {
      String beyond = query.descending() ? " < " : " > ";
      parameters.put("afterId", after.experimentId());
      if (missing) {
        conditions.add(sort.idPath + beyond + ":afterId");
      } else {
        parameters.put("after", Objects.requireNonNull(after.value()));
        // As one comparison of rows, so that the index leads to the place whatever is equal there.
        conditions.add("(" + sort.path + ", " + sort.idPath + ")" + beyond + "(:after, :afterId)");
      }
    }
    String where = conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    String direction = query.descending() ? " desc" : " asc";
    String order = " order by " + sort.path + direction + ", " + sort.idPath + direction;
    Query<CertificateEntity> hql =
        getEntityManager()
            .unwrap(Session.class)
            .createQuery(WITH_EXPERIMENT + where + order, CertificateEntity.class);
    parameters.forEach(hql::setParameter);
    return hql.setMaxResults(limit).getResultList();
  }
}
