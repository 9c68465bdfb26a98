package io.gapstream.results.store;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Certificates on their way to the broker. */
@ApplicationScoped
public class OutboxRepository implements PanacheRepositoryBase<OutboxEntity, VersionId> {

  /**
   * The oldest unsent version of up to {@code limit} experiments, locked against other replicas. A
   * later version is not offered before the earlier one is committed as sent, so each experiment's
   * versions go out in order however many replicas relay.
   */
  public List<OutboxEntity> lockHeads(int limit) {
    return getEntityManager()
        .createNativeQuery(
            """
            select o.* from outbox o
            where o.sent_at is null
              and not exists (
                select from outbox earlier
                where earlier.experiment_id = o.experiment_id
                  and earlier.version < o.version and earlier.sent_at is null)
            order by o.created_at, o.experiment_id
            limit :limit
            for update of o skip locked
            """,
            OutboxEntity.class)
        .setParameter("limit", limit)
        .getResultList();
  }

  /** Certificates that the broker has not acknowledged yet. */
  public long backlog() {
    return count("sentAt is null");
  }

  /** Forgets what was sent before this time. */
  public long forgetSentBefore(Instant time) {
    return delete("sentAt < ?1", time);
  }
}
