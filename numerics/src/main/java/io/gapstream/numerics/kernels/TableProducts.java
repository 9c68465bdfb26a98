package io.gapstream.numerics.kernels;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.gates.Gates;
import java.util.Arrays;

/**
 * The products without an n x P temporary,
 *
 * <pre>V = D W',  (A W)_i = x_i . V_i        (A' r) = ((diag(r) X)' D)'</pre>
 *
 * <p>D holds bits, so both are a bit matrix times a dense one: the sums of every subset of a few
 * rows are tabulated, and each group of that many gates then costs one look-up and one vector
 * addition (the "method of Four Russians"). Four tables are looked up at once, so that a sum is
 * loaded and stored once for all four. Columns are taken a slab at a time, which keeps the tables
 * in the nearer caches.
 */
final class TableProducts implements GateProducts {

  private static final int WIDEST_SLAB = 64;

  /** Doubles of the accumulator that stay in the nearest caches while tables pass by. */
  private static final int CACHED = 1 << 15;

  private final int n;
  private final int d;
  private final int count;
  private final double[] x;
  private final int slab;
  private final PackedGates overPatterns;
  private final PackedGates overRows;
  private final Half first;
  private final Half second;

  TableProducts(Gates gates, double[] x, int[] patterns, Deadline deadline) {
    this.n = gates.n();
    this.d = gates.d();
    this.count = patterns.length;
    this.x = x;
    int slabs = (d + WIDEST_SLAB - 1) / WIDEST_SLAB;
    this.slab = (d + slabs - 1) / slabs;
    this.overPatterns = PackedGates.overPatterns(gates, patterns, deadline);
    this.overRows = PackedGates.overRows(gates, patterns, deadline);
    this.first = new Half(0, deadline);
    this.second = new Half(1, deadline);
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forward(double[][] w, double[] output) {
    Halves.run(work(), () -> first.forward(w), () -> second.forward(w));
    for (int i = 0; i < n; i++) {
      output[i] = first.output[i] + second.output[i];
    }
  }

  @Override
  public void adjoint(double[] r, double[][] gradient) {
    Halves.run(work(), () -> first.adjoint(r), () -> second.adjoint(r));
    for (int p = 0; p < count; p++) {
      Rows.sum(first.sums[p], second.sums[p], gradient[p], d);
    }
  }

  private double work() {
    return (double) n * count * d / Byte.SIZE;
  }

  /**
   * Every second block of tables, with work space of its own. The two halves are the same whether
   * or not they run at once, so the sums do not depend on the threads.
   */
  private final class Half {

    private final Pace pace;
    private final int parity;

    // Arrays of rows, since the compiler vectorises no loop over two offsets into flat arrays.
    private final double[][][] tables;
    private final double[][] accumulator;
    private final double[] row;
    private final double[] output;
    private final double[][] sums;

    Half(int parity, Deadline deadline) {
      this.pace = new Pace(deadline);
      this.parity = parity;
      int entries = 1 << Math.max(overPatterns.bits(), overRows.bits());
      this.tables = new double[PackedGates.TABLES][entries][slab];
      this.accumulator =
          new double[Math.max(Math.min(n, Math.max(1, CACHED / slab)), slab == d ? 0 : count)]
              [slab];
      this.row = new double[slab];
      this.output = new double[n];
      this.sums = new double[count][d];
    }

    void forward(double[][] w) {
      Arrays.fill(output, 0);
      int rows = Math.min(n, Math.max(1, CACHED / slab));
      for (int column = 0; column < d; column += slab) {
        int width = Math.min(slab, d - column);
        for (int from = 0; from < n; from += rows) {
          forward(w, column, width, from, Math.min(n, from + rows));
        }
      }
    }

    private void forward(double[][] w, int column, int width, int from, int to) {
      for (int i = from; i < to; i++) {
        Arrays.fill(accumulator[i - from], 0);
      }
      for (int block = parity; block < overPatterns.indices().length; block += 2) {
        pace.count((long) (to - from) * width * PackedGates.TABLES);
        for (int t = 0; t < PackedGates.TABLES; t++) {
          int start = overPatterns.start(block, t);
          // No gate of an absent pattern is set.
          for (int bit = 0; bit < overPatterns.bits() && start + bit < count; bit++) {
            System.arraycopy(w[start + bit], column, row, 0, width);
            extend(tables[t], 1 << bit, width);
          }
        }
        addLookups(overPatterns.indices()[block], from, to, accumulator, width);
      }
      for (int i = from; i < to; i++) {
        double[] sum = accumulator[i - from];
        int offset = i * d + column;
        double even = 0;
        double odd = 0;
        int k = 0;
        for (; k + 1 < width; k += 2) {
          even += x[offset + k] * sum[k];
          odd += x[offset + k + 1] * sum[k + 1];
        }
        if (k < width) {
          even += x[offset + k] * sum[k];
        }
        output[i] += even + odd;
      }
    }

    void adjoint(double[] r) {
      boolean whole = slab == d;
      for (int column = 0; column < d; column += slab) {
        int width = Math.min(slab, d - column);
        double[][] target = whole ? sums : accumulator;
        for (int p = 0; p < count; p++) {
          Arrays.fill(target[p], 0);
        }
        for (int block = parity; block < overRows.indices().length; block += 2) {
          pace.count((long) count * width * PackedGates.TABLES);
          for (int t = 0; t < PackedGates.TABLES; t++) {
            int start = overRows.start(block, t);
            for (int bit = 0; bit < overRows.bits() && start + bit < n; bit++) {
              int offset = (start + bit) * d + column;
              double factor = r[start + bit];
              for (int k = 0; k < width; k++) {
                row[k] = factor * x[offset + k];
              }
              extend(tables[t], 1 << bit, width);
            }
          }
          addLookups(overRows.indices()[block], 0, count, target, width);
        }
        if (!whole) {
          for (int p = 0; p < count; p++) {
            System.arraycopy(target[p], 0, sums[p], column, width);
          }
        }
      }
    }

    /** From the sums without a row to those with it: {@code table[size + s] = table[s] + row}. */
    private void extend(double[][] table, int size, int width) {
      System.arraycopy(row, 0, table[size], 0, width);
      for (int subset = 1; subset < size; subset++) {
        Rows.sum(table[subset], row, table[size + subset], width);
      }
    }

    private void addLookups(int[] indices, int from, int to, double[][] target, int width) {
      for (int i = from; i < to; i++) {
        int index = indices[i];
        Rows.add(
            tables[0][index & 0xff],
            tables[1][index >>> 8 & 0xff],
            tables[2][index >>> 16 & 0xff],
            tables[3][index >>> 24],
            target[i - from],
            width);
      }
    }
  }
}
