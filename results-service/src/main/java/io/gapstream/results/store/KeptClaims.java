package io.gapstream.results.store;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Locale;

/** How much room the claims take that are kept as they came, and how room is made. */
@ApplicationScoped
public class KeptClaims {

  private static final String SWEEP_LOCK = "gapstream retention";

  /** Why a claim is kept. */
  public enum Kind {
    /** It waits for its dataset. */
    PENDING("pending_claim", "received_at"),
    /** Its evidence does not support it. */
    REFUTED("refuted_claim", "refuted_at");

    private final String table;
    private final String time;

    Kind(String table, String time) {
      this.table = table;
      this.time = time;
    }
  }

  /**
   * Room taken.
   *
   * @param count claims
   * @param bytes of their payloads
   */
  public record Usage(long count, long bytes) {}

  private final EntityManager entities;

  KeptClaims(EntityManager entities) {
    this.entities = entities;
  }

  /** What one experiment takes. */
  public Usage of(Kind kind, String experimentId) {
    return usage(
        (Object[])
            entities
                .createNativeQuery(usage(kind) + " where experiment_id = :id", Object[].class)
                .setParameter("id", experimentId)
                .getSingleResult());
  }

  /** What all take. */
  public Usage ofAll(Kind kind) {
    return usage(
        (Object[]) entities.createNativeQuery(usage(kind), Object[].class).getSingleResult());
  }

  // The length of a payload stands beside it: no payload is read for this.
  private static String usage(Kind kind) {
    return "select count(*), cast(coalesce(sum(octet_length(payload)), 0) as bigint) from "
        + kind.table;
  }

  private static Usage usage(Object[] row) {
    return new Usage(((Number) row[0]).longValue(), ((Number) row[1]).longValue());
  }

  /** Drops the oldest until at most so many, of at most so many bytes, are left; says how many. */
  public int dropOldest(Kind kind, long count, long bytes) {
    return entities
        .createNativeQuery(
            String.format(
                Locale.ROOT,
                """
            delete from %1$s where payload_sha256 in (
              select payload_sha256 from %1$s where payload_sha256 in (
                select payload_sha256 from (
                  select payload_sha256,
                      row_number() over newest as place,
                      sum(octet_length(payload)) over newest as bytes
                  from %1$s
                  window newest as (order by %2$s desc, payload_sha256 desc)) ranked
                where place > :count or bytes > :bytes)
              for update skip locked)
            """,
                kind.table,
                kind.time))
        .setParameter("count", count)
        .setParameter("bytes", bytes)
        .executeUpdate();
  }

  /** Drops what is older; says how many. */
  public int dropBefore(Kind kind, Instant time) {
    return entities
        .createNativeQuery(
            String.format(
                Locale.ROOT,
                """
            delete from %1$s where payload_sha256 in (
              select payload_sha256 from %1$s where %2$s < :time for update skip locked)
            """,
                kind.table,
                kind.time))
        .setParameter("time", time)
        .executeUpdate();
  }

  /** Whether no other replica sweeps; if so, none begins before this transaction ends. */
  public boolean lockSweep() {
    return (Boolean)
        entities
            .createNativeQuery(
                "select pg_try_advisory_xact_lock(hashtextextended(:name, 0))", Boolean.class)
            .setParameter("name", SWEEP_LOCK)
            .getSingleResult();
  }
}
