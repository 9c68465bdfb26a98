package io.gapstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * A table that is written and read again has the same doubles, bit for bit. The oracle is the table
 * that was drawn; the writer shares no code with the reader.
 */
final class CsvTablePropertyTest {

  private static final SizeLimits LIMITS = new SizeLimits(2_000_000, 500_000);

  @Property(tries = 300, seed = "1")
  void readsBackTheSameDoubles(
      @ForAll @IntRange(min = 2, max = 60) int rows,
      @ForAll @IntRange(min = 2, max = 12) int columns,
      @ForAll long seed)
      throws IOException {
    // Given
    Random random = new Random(seed);
    double[][] values = new double[rows][columns];
    StringBuilder csv = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
    for (int k = 0; k < columns; k++) {
      csv.append(k == 0 ? "" : ",").append("\"column, ").append(k).append('"');
    }
    for (int i = 0; i < rows; i++) {
      csv.append(random.nextBoolean() ? "\n" : "\r\n");
      for (int k = 0; k < columns; k++) {
        values[i][k] = finite(random);
        csv.append(k == 0 ? "" : ",").append(written(values[i][k], random));
      }
    }
    csv.append("\n".repeat(random.nextInt(3)));
    // When
    CsvTable table =
        CsvTable.read(
            new ByteArrayInputStream(csv.toString().getBytes(StandardCharsets.UTF_8)),
            "t.csv",
            LIMITS);
    // Then
    assertThat(table.rows()).isEqualTo(rows);
    assertThat(table.columns()).hasSize(columns).first().isEqualTo("column, 0");
    CsvTable.Split split = table.split("column, 1");
    for (int i = 0; i < rows; i++) {
      assertThat(bits(split.y()[i])).isEqualTo(bits(values[i][1]));
      for (int k = 0; k < columns; k++) {
        assertThat(bits(table.column(k)[i])).isEqualTo(bits(values[i][k]));
        if (k != 1) {
          int feature = k == 0 ? 0 : k - 1;
          assertThat(bits(split.x()[i * (columns - 1) + feature])).isEqualTo(bits(values[i][k]));
        }
      }
    }
  }

  private static double finite(Random random) {
    while (true) {
      double value =
          switch (random.nextInt(4)) {
            case 0 -> Double.longBitsToDouble(random.nextLong());
            case 1 -> random.nextGaussian();
            case 2 -> random.nextInt(20) - 10;
            default -> random.nextBoolean() ? -0.0 : Double.MIN_VALUE;
          };
      if (Double.isFinite(value)) {
        return value;
      }
    }
  }

  private static String written(double value, Random random) {
    // BigDecimal knows no negative zero.
    String text =
        random.nextBoolean() && value != 0
            ? new BigDecimal(Double.toString(value)).toString()
            : Double.toString(value);
    return switch (random.nextInt(3)) {
      case 0 -> '"' + text + '"';
      case 1 -> " " + text + " ";
      default -> text;
    };
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
