package io.gapstream.results;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The tables as they are, read without Hibernate. */
@ApplicationScoped
public class Tables {

  /** What depends on when and in which order messages came is left out; all else is compared. */
  private static final Map<String, String> CONTENT =
      Map.of(
          "experiment_label",
              "select to_jsonb(t) - 'first_seen' from experiment_label t where experiment_id = ?",
          "experiment", "select to_jsonb(t) - 'received_at' from experiment t where id = ?",
          "dataset", "select to_jsonb(t) from dataset t where experiment_id = ?",
          "result",
              "select to_jsonb(t) - 'created_at' - 'updated_at' from result t"
                  + " where experiment_id = ?",
          "evidence", "select to_jsonb(t) from evidence t where result_id like ? || '/%'",
          "pending_claim", "select to_jsonb(t) from pending_claim t where experiment_id = ?",
          "refuted_claim",
              "select to_jsonb(t) - 'refuted_at' from refuted_claim t where experiment_id = ?",
          "certificate",
              "select to_jsonb(t) - 'updated_at' - 'version' from certificate t"
                  + " where experiment_id = ?",
          "contradiction",
              "select to_jsonb(t) - 'found_at' from contradiction t where experiment_id = ?");

  private static final List<String> FORGET =
      List.of(
          "delete from outbox where experiment_id = ?",
          "delete from contradiction where experiment_id = ?",
          "delete from certificate_history where experiment_id = ?",
          "delete from certificate where experiment_id = ?",
          "delete from refuted_claim where experiment_id = ?",
          "delete from pending_claim where experiment_id = ?",
          "delete from evidence where result_id like ? || '/%'",
          "delete from result where experiment_id = ?",
          "delete from dataset where experiment_id = ?",
          "delete from experiment where id = ?");

  private final DataSource dataSource;

  Tables(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** The rows of an experiment by table, each as JSON, in a fixed order. */
  public Map<String, List<String>> dump(String experimentId) throws SQLException {
    Map<String, List<String>> dump = new LinkedHashMap<>();
    for (Map.Entry<String, String> table : CONTENT.entrySet()) {
      List<String> rows = new ArrayList<>(query(table.getValue(), experimentId));
      rows.sort(null);
      dump.put(table.getKey(), rows);
    }
    return dump;
  }

  /** The first column of every row. */
  public List<String> query(String sql, Object... parameters) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      List<String> rows = new ArrayList<>();
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          rows.add(found.getString(1));
        }
      }
      return rows;
    }
  }

  /** Changes rows behind the service's back. */
  public int update(String sql, Object... parameters) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }

  /** Removes everything about an experiment. */
  public void forget(String experimentId) throws SQLException {
    for (String sql : FORGET) {
      update(sql, experimentId);
    }
  }
}
