package io.gapstream.results.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.Verdict;
import io.gapstream.results.Servers;
import io.gapstream.results.Tables;
import io.gapstream.results.store.CertificateQuery.Position;
import io.gapstream.results.store.CertificateQuery.Sort;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pages of a table with 100,000 certificates. PostgreSQL itself counts the rows that it reads in
 * the transaction; the plans are those of the same statements, written by hand.
 */
@QuarkusTest
@WithTestResource(Servers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificatePagesTest {

  private static final int ROWS = 100_000;
  private static final int PAGE = 50;

  /** A page has so many certificates, each with its experiment, and one row ends a scan. */
  private static final long READ = 2 * PAGE + 10;

  private static final String MIDDLE_ID = "8" + "0".repeat(31);

  @Inject CertificateRepository certificates;
  @Inject EntityManager entities;
  @Inject Tables tables;

  @BeforeEach
  void aHundredThousand() throws SQLException {
    if (tables.query("select 1 from experiment where name = 'many 1'").isEmpty()) {
      tables.update(
          """
          insert into experiment (id, name, origin, preprocessing, n, d, beta, beta_max, sha256,
                                  plan, planned_results, received_at)
          select md5('many ' || i), 'many ' || i, '{}', '{}', 10, 2, 1, 10, repeat('a', 64), '{}', 1,
                 timestamptz '2020-01-01' + i * interval '1 second'
          from generate_series(1, ?) i
          """,
          ROWS);
      // Two in three have an interval, and of these half have one that others have too.
      tables.update(
          """
          insert into result (id, experiment_id, source, method, kind, verdict, value, rung,
                              claim_revision, claim_sha256, status, measures, iterations,
                              elapsed_seconds, revision, payload_sha256, complete, standing_last,
                              standing_refuted, standing_value, created_at, updated_at)
          select md5('many ' || i) || '/' || kind, md5('many ' || i), 'relaxation', 'm', kind,
                 'verified', 1, case kind when 'lower' then 'triangle' end, 1, repeat('b', 64),
                 'converged', '{}', 1, 1, 1, repeat('b', 64), true, true, false, 1, now(), now()
          from generate_series(1, ?) i, unnest(array['lower', 'upper']) kind
          where i % 3 > 0
          """,
          ROWS);
      tables.update(
          """
          insert into certificate (experiment_id, lower, upper, ratio, rung, verdict, version,
                                   lower_result, upper_result, completed_results, complete,
                                   updated_at)
          select md5('many ' || i), case when i % 3 > 0 then low end,
                 case when i % 3 > 0 then 2 * low end, case when i % 3 > 0 then 1 + 1 / low end,
                 case when i % 3 > 0 then 'triangle' end,
                 case when i % 3 > 0 then 'verified' else 'pending' end, sign(i % 3),
                 case when i % 3 > 0 then md5('many ' || i) || '/lower' end,
                 case when i % 3 > 0 then md5('many ' || i) || '/upper' end, 1, true,
                 timestamptz '2020-01-01' + i * interval '1 second'
          from (select i, case when i % 2 = 0 then 7.0 else i end as low
                from generate_series(1, ?) i)
          """,
          ROWS);
      tables.update("analyze experiment");
      tables.update("analyze certificate");
    }
  }

  @AfterAll
  void forgetThem() throws SQLException {
    String many = " in (select id from experiment where name like 'many %')";
    tables.update("delete from certificate where experiment_id" + many);
    tables.update("delete from result where experiment_id" + many);
    tables.update("delete from experiment where name like 'many %'");
  }

  static Stream<Arguments> orders() {
    return Stream.of(Sort.values())
        .flatMap(sort -> Stream.of(Arguments.of(sort, false), Arguments.of(sort, true)));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void readsAsManyRowsAsAPageHas(Sort sort, boolean descending) {
    // Given
    Position middle = position(sort, page(sort, descending, null, 500).get(499));
    Position end = sort.mayBeMissing() ? new Position(null, MIDDLE_ID) : middle;
    // When
    long first = rowsRead(sort, descending, null);
    long next = rowsRead(sort, descending, middle);
    long last = rowsRead(sort, descending, end);
    // Then
    assertThat(List.of(first, next, last)).allSatisfy(rows -> assertThat(rows).isBetween(1L, READ));
  }

  @Test
  void readsAsManyRowsAsAPageHasAmongEqualValues() {
    // Given
    Position amongEquals = new Position(7.0, MIDDLE_ID);
    // When
    long up = rowsRead(Sort.LOWER, false, amongEquals);
    long down = rowsRead(Sort.LOWER, true, amongEquals);
    // Then
    assertThat(List.of(up, down)).allSatisfy(rows -> assertThat(rows).isBetween(1L, READ));
  }

  @ParameterizedTest
  @MethodSource("orders")
  void explainsEveryOrderWithoutASort(Sort sort, boolean descending) {
    // When
    List<String> plan = QuarkusTransaction.requiringNew().call(() -> explain(sort, descending));
    // Then
    assertThat(String.join("\n", plan)).contains("Index").doesNotContain("Sort", "Seq Scan");
  }

  @Test
  void countsByTheTallyWhatIsThere() throws SQLException {
    // Given
    Map<String, Long> expected = counted();
    // When
    Map<Verdict, Long> before =
        QuarkusTransaction.requiringNew().call(certificates::countByVerdict);
    QuarkusTransaction.requiringNew().run(certificates::foldTally);
    Map<Verdict, Long> after = QuarkusTransaction.requiringNew().call(certificates::countByVerdict);
    long lines = Long.parseLong(tables.query("select count(*) from certificate_tally").get(0));
    // Then
    expected.forEach(
        (verdict, count) -> {
          assertThat(before.get(verdict(verdict))).isEqualTo(count);
          assertThat(after.get(verdict(verdict))).isEqualTo(count);
        });
    assertThat(lines).isLessThanOrEqualTo(Verdict.values().length);
  }

  private Map<String, Long> counted() throws SQLException {
    Map<String, Long> counts = new HashMap<>();
    for (String verdict : List.of("pending", "verified", "refuted")) {
      counts.put(
          verdict,
          Long.valueOf(
              tables.query("select count(*) from certificate where verdict = ?", verdict).get(0)));
    }
    counts.values().removeIf(count -> count == 0);
    return counts;
  }

  private static Verdict verdict(String name) {
    return Stream.of(Verdict.values())
        .filter(verdict -> verdict.jsonName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<CertificateEntity> page(
      Sort sort, boolean descending, @Nullable Position after, int limit) {
    return QuarkusTransaction.requiringNew()
        .call(
            () ->
                certificates.page(new CertificateQuery(Map.of(), sort, descending, limit, after)));
  }

  private static Position position(Sort sort, CertificateEntity row) {
    Comparable<?> value =
        switch (sort) {
          case UPDATED_AT -> row.updatedAt;
          case CREATED_AT -> row.experiment.receivedAt;
          case NAME -> row.experiment.name;
          case RATIO -> row.ratio;
          case LOWER -> row.lower;
          case UPPER -> row.upper;
        };
    return new Position(value, row.experimentId);
  }

  private long rowsRead(Sort sort, boolean descending, @Nullable Position after) {
    return QuarkusTransaction.requiringNew()
        .call(
            () -> {
              long before = rowsRead();
              List<CertificateEntity> page =
                  certificates.page(new CertificateQuery(Map.of(), sort, descending, PAGE, after));
              assertThat(page).hasSize(PAGE);
              return rowsRead() - before;
            });
  }

  private long rowsRead() {
    return ((Number)
            entities
                .createNativeQuery(
                    "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))"
                        + " from pg_stat_xact_user_tables")
                .getSingleResult())
        .longValue();
  }

  @SuppressWarnings("unchecked") // explain gives lines of text
  private List<String> explain(Sort sort, boolean descending) {
    String column =
        switch (sort) {
          case UPDATED_AT -> "c.updated_at";
          case CREATED_AT -> "e.received_at";
          case NAME -> "e.name";
          case RATIO -> "c.ratio";
          case LOWER -> "c.lower";
          case UPPER -> "c.upper";
        };
    String id = column.startsWith("e.") ? "e.id" : "c.experiment_id";
    String direction = descending ? " desc" : " asc";
    return entities
        .createNativeQuery(
            "explain select * from certificate c join experiment e on e.id = c.experiment_id where "
                + column
                + " is not null order by "
                + column
                + direction
                + ", "
                + id
                + direction
                + " limit "
                + PAGE)
        .getResultList();
  }
}
