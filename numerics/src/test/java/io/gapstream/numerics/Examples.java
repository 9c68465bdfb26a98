package io.gapstream.numerics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.Standardization;
import io.gapstream.numerics.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's example data and the reference values, read in the plainest way. */
public final class Examples {

  private Examples() {}

  /** An example, standardised, with a column of ones. */
  public static Data standardized(String name) {
    try {
      List<String> lines = Files.readAllLines(Path.of("..", "examples", name + ".csv"));
      int n = lines.size() - 1;
      int d = lines.get(0).split(",").length - 1;
      double[] x = new double[n * d];
      double[] y = new double[n];
      for (int i = 0; i < n; i++) {
        String[] cells = lines.get(i + 1).split(",");
        for (int k = 0; k < d; k++) {
          x[i * d + k] = Double.parseDouble(cells[k]);
        }
        y[i] = Double.parseDouble(cells[d]);
      }
      return Standardization.appendOnes(Standardization.of(new Data(n, d, x, y)).data());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An instance with its known optimal value. */
  public record Reference(String name, Problem problem, double optimum, double tolerance) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Every reference value. */
  public static List<Reference> references() {
    ObjectMapper mapper = new ObjectMapper();
    try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "exact"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(file -> reference(mapper, file))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Reference reference(ObjectMapper mapper, Path file) {
    try {
      JsonNode json = mapper.readTree(file.toFile());
      int n = json.get("n").asInt();
      int d = json.get("d").asInt();
      double[] x = new double[n * d];
      double[] y = new double[n];
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < d; k++) {
          x[i * d + k] = json.get("X").get(i).get(k).asDouble();
        }
        y[i] = json.get("y").get(i).asDouble();
      }
      return new Reference(
          json.get("name").asText(),
          new Problem(n, d, x, y, json.get("beta").asDouble()),
          json.get("pStar").asDouble(),
          json.get("tolerance").asDouble());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
