package io.gapstream.results.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a list of certificates is to hold. Pages follow each other by position in the order, not by
 * number, so that a list that changes meanwhile neither repeats nor skips what stays in it.
 *
 * @param filters the value each filter in use compares with
 * @param sort the order; equals follow by experiment id, in the same direction; missing values come
 *     last
 * @param descending whether the order is turned round
 * @param limit the most rows to give
 * @param after the last row of the page before; absent for the first page
 */
public record CertificateQuery(
    Map<Filter, Object> filters,
    Sort sort,
    boolean descending,
    int limit,
    @Nullable Position after) {

  /** Checks nothing: {@code rest} made it from checked values. */
  public CertificateQuery {
    filters = Map.copyOf(filters);
  }

  /** The same list with room for one more row, which tells whether there is a next page. */
  public CertificateQuery withOneMore() {
    return new CertificateQuery(filters, sort, descending, limit + 1, after);
  }

  /** A condition on certificates. */
  public enum Filter {
    /** The experiment was given in this study, under its newest label or an earlier one. */
    STUDY_ID(
        "exists (select 1 from ExperimentLabelEntity l"
            + " where l.experimentId = e.id and l.studyId = :STUDY_ID)"),
    /** One of the names that the experiment was given contains this text, whatever its case. */
    NAME(
        "exists (select 1 from ExperimentLabelEntity l"
            + " where l.experimentId = e.id and locate(lower(:NAME), lower(l.name)) > 0)"),
    /** The verdict is this one. */
    VERDICT("c.verdict = :VERDICT"),
    /** The lower bound rests on this rung. */
    RUNG("c.rung = :RUNG"),
    /** Every planned result is there, or not. */
    COMPLETE("c.complete = :COMPLETE"),
    /** The ratio is there and at most this. */
    MAX_RATIO("c.ratio <= :MAX_RATIO");

    final String condition;

    Filter(String condition) {
      this.condition = condition;
    }
  }

  /** A column to sort by. */
  public enum Sort {
    /** When the certificate changed last. */
    UPDATED_AT("updatedAt", "c.updatedAt", "c.experimentId", false),
    /** When the dataset came. */
    CREATED_AT("createdAt", "e.receivedAt", "e.id", false),
    /** The name. */
    NAME("name", "e.name", "e.id", false),
    /** Upper over lower. */
    RATIO("ratio", "c.ratio", "c.experimentId", true),
    /** The lower bound. */
    LOWER("lower", "c.lower", "c.experimentId", true),
    /** The upper bound. */
    UPPER("upper", "c.upper", "c.experimentId", true);

    private final String jsonName;
    final String path;

    /** The experiment's id in the same table, so that one index has both. */
    final String idPath;

    final boolean mayBeMissing;

    Sort(String jsonName, String path, String idPath, boolean mayBeMissing) {
      this.jsonName = jsonName;
      this.path = path;
      this.idPath = idPath;
      this.mayBeMissing = mayBeMissing;
    }

    /** The name in requests. */
    public String jsonName() {
      return jsonName;
    }

    /** Whether a certificate may lack it. */
    public boolean mayBeMissing() {
      return mayBeMissing;
    }
  }

  /**
   * A place in the order.
   *
   * @param value of the column sorted by; absent when that row has none
   * @param experimentId of that row
   */
  public record Position(@Nullable Comparable<?> value, String experimentId) {}
}
