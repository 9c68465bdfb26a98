package io.gapstream.datagenerator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The data sets of the project's folder of examples, read without the reader under test. */
public final class Examples {

  private Examples() {}

  /** The file. */
  public static Path file(String name) {
    return Path.of(System.getProperty("gapstream.root"), "examples", name);
  }

  /** Its rows of numbers, without the header. */
  public static double[][] rows(String name) {
    try {
      List<String> lines = Files.readAllLines(file(name));
      return lines.subList(1, lines.size()).stream()
          .map(
              line -> Arrays.stream(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray())
          .toArray(double[][]::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
