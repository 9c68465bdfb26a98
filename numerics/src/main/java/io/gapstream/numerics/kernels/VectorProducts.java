package io.gapstream.numerics.kernels;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.gates.Gates;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products by tables of subset sums, as {@link TableProducts} describes, in explicit vectors. A
 * slab is a few whole vectors wide, so the sums of a place stay in registers while the tables of a
 * block pass by.
 */
final class VectorProducts implements GateProducts {

  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Vectors of the widest slab: its four tables of 256 sums take 256 KiB at eight lanes. */
  private static final int MOST_VECTORS = 4;

  /** The time that a look-up takes besides its additions, in that of an addition. */
  private static final double SLAB = 0.7;

  /** Doubles of sums that stay in the nearer caches while tables pass by. */
  private static final int CACHED = 1 << 16;

  private final int n;
  private final int d;
  private final int count;
  private final double[] x;
  private final PackedGates overPatterns;
  private final PackedGates overRows;

  /** One for little work; else two, each with every second block of tables. */
  private final Part[] parts;

  VectorProducts(Gates gates, double[] x, int[] patterns, Deadline deadline) {
    this.n = gates.n();
    this.d = gates.d();
    this.count = patterns.length;
    this.x = x;
    this.overPatterns = PackedGates.overPatterns(gates, patterns, deadline);
    this.overRows = PackedGates.overRows(gates, patterns, deadline);
    this.parts = new Part[areTwo(n, d, count) ? 2 : 1];
    for (int part = 0; part < parts.length; part++) {
      parts[part] = new Part(part, parts.length, deadline);
    }
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forward(double[][] w, double[] output) {
    if (parts.length == 1) {
      parts[0].forward(w, output);
      return;
    }
    double[] other = parts[1].output;
    Halves.run(work(), () -> parts[0].forward(w, output), () -> parts[1].forward(w, other));
    Rows.sum(output, other, output, n);
  }

  @Override
  public void adjoint(double[] r, double[][] gradient) {
    if (parts.length == 1) {
      parts[0].adjoint(r, gradient);
      return;
    }
    double[][] other = parts[1].gradient;
    Halves.run(work(), () -> parts[0].adjoint(r, gradient), () -> parts[1].adjoint(r, other));
    for (int p = 0; p < count; p++) {
      Rows.sum(gradient[p], other[p], gradient[p], d);
    }
  }

  /** Whether there is enough work for two threads. */
  static boolean areTwo(int n, int d, int count) {
    return Halves.pay(work(n, d, count));
  }

  /** Additions of vectors in both products, with what else the slabs cost, as measured. */
  static double additions(int n, int d, int count) {
    double each = 0;
    int vectors;
    for (int column = 0; column < d; column += vectors * LANES) {
      vectors = vectors(d - column);
      each += vectors + SLAB;
    }
    return each * (count * PackedGates.additions(n) + n * PackedGates.additions(count));
  }

  private double work() {
    return work(n, d, count);
  }

  private static double work(int n, int d, int count) {
    return (double) n * count * d / LANES;
  }

  /** Vectors of the slab that begins where so many columns are left: 4, 2 or 1. */
  private static int vectors(int left) {
    return Integer.highestOneBit(Math.min(MOST_VECTORS, (left + LANES - 1) / LANES));
  }

  /**
   * Some of the blocks of tables, with work space of its own. The parts are the same whether or not
   * they run at once, so the sums do not depend on the threads.
   */
  private final class Part {

    private final Pace pace;
    private final int first;
    private final int step;
    private final double[] tables;
    private final double[] members;
    private final double[] sums;
    private final double[] lanes = new double[LANES];

    /** What this part adds to the sums of the first; empty in the first. */
    private final double[] output;

    private final double[][] gradient;

    Part(int first, int step, Deadline deadline) {
      this.pace = new Pace(deadline);
      this.first = first;
      this.step = step;
      int widest = vectors(d) * LANES;
      int bits = Math.max(overPatterns.bits(), overRows.bits());
      this.tables = new double[(PackedGates.TABLES << bits) * widest];
      this.members = new double[bits * widest];
      this.sums = new double[Math.min(Math.max(n, count) * widest, CACHED)];
      this.output = new double[first == 0 ? 0 : n];
      this.gradient = new double[first == 0 ? 0 : count][d];
    }

    void forward(double[][] w, double[] target) {
      Arrays.fill(target, 0);
      int vectors;
      for (int column = 0; column < d; column += vectors * LANES) {
        vectors = vectors(d - column);
        int stride = vectors * LANES;
        int width = Math.min(stride, d - column);
        clearTables(overPatterns, stride);
        int mostPlaces = sums.length / stride;
        for (int from = 0; from < n; from += mostPlaces) {
          int places = Math.min(mostPlaces, n - from);
          Arrays.fill(sums, 0, places * stride, 0);
          for (int block = first; block < overPatterns.indices().length; block += step) {
            // A vector is added in about the time of a multiplication.
            pace.count((long) places * vectors * PackedGates.TABLES);
            for (int table = 0; table < PackedGates.TABLES; table++) {
              int start = overPatterns.start(block, table);
              int held = Math.min(overPatterns.bits(), count - start);
              for (int member = 0; member < held; member++) {
                System.arraycopy(w[start + member], column, members, member * stride, width);
              }
              tabulate(overPatterns, table, held, vectors);
            }
            addLookups(overPatterns, block, from, places, vectors);
          }
          for (int i = 0; i < places; i++) {
            target[from + i] += dot(x, (from + i) * d + column, sums, i * stride, width, lanes);
          }
        }
      }
    }

    void adjoint(double[] r, double[][] target) {
      int vectors;
      for (int column = 0; column < d; column += vectors * LANES) {
        vectors = vectors(d - column);
        int stride = vectors * LANES;
        int width = Math.min(stride, d - column);
        clearTables(overRows, stride);
        int mostPlaces = sums.length / stride;
        for (int from = 0; from < count; from += mostPlaces) {
          int places = Math.min(mostPlaces, count - from);
          Arrays.fill(sums, 0, places * stride, 0);
          for (int block = first; block < overRows.indices().length; block += step) {
            // A vector is added in about the time of a multiplication.
            pace.count((long) places * vectors * PackedGates.TABLES);
            for (int table = 0; table < PackedGates.TABLES; table++) {
              int start = overRows.start(block, table);
              int held = Math.min(overRows.bits(), n - start);
              for (int member = 0; member < held; member++) {
                scale(r[start + member], (start + member) * d + column, member * stride, width);
              }
              tabulate(overRows, table, held, vectors);
            }
            addLookups(overRows, block, from, places, vectors);
          }
          for (int p = 0; p < places; p++) {
            System.arraycopy(sums, p * stride, target[from + p], column, width);
          }
        }
      }
    }

    private void scale(double factor, int offset, int to, int width) {
      for (int k = 0; k < width; k++) {
        members[to + k] = factor * x[offset + k];
      }
    }

    /** Sets the sum of nothing in each table; what else a slab reads it has written. */
    private void clearTables(PackedGates gates, int stride) {
      for (int table = 0; table < PackedGates.TABLES; table++) {
        int zero = (table << gates.bits()) * stride;
        Arrays.fill(tables, zero, zero + stride, 0);
      }
    }

    /**
     * The sums of all subsets of the held members: {@code table[2^m + s] = table[s] + member m}. No
     * gate of an absent member is set.
     */
    private void tabulate(PackedGates gates, int table, int held, int vectors) {
      int stride = vectors * LANES;
      int start = (table << gates.bits()) * stride;
      for (int column = 0; column < stride; column += LANES) {
        int at = start + column;
        for (int member = 0; member < held; member++) {
          DoubleVector added = load(members, member * stride + column);
          int length = stride << member;
          for (int k = at; k < at + length; k += stride) {
            load(tables, k).add(added).intoArray(tables, k + length);
          }
        }
      }
    }

    private void addLookups(PackedGates gates, int block, int from, int places, int vectors) {
      int[] indices = gates.indices()[block];
      int entries = 1 << gates.bits();
      if (vectors == 4) {
        addFour(indices, from, places, tables, entries, sums);
      } else if (vectors == 2) {
        addTwo(indices, from, places, tables, entries, sums);
      } else {
        addOne(indices, from, places, tables, entries, sums);
      }
    }
  }

  /** Adds an entry of each of four tables, four vectors wide, to the sums of every place. */
  private static void addFour(
      int[] indices, int from, int places, double[] tables, int entries, double[] sums) {
    int stride = 4 * LANES;
    for (int i = 0; i < places; i++) {
      int index = indices[from + i];
      int a = (index & 0xff) * stride;
      int b = ((index >>> 8 & 0xff) + entries) * stride;
      int c = ((index >>> 16 & 0xff) + 2 * entries) * stride;
      int e = ((index >>> 24) + 3 * entries) * stride;
      int to = i * stride;
      DoubleVector s0 = load(sums, to).add(load(tables, a));
      DoubleVector s1 = load(sums, to + LANES).add(load(tables, a + LANES));
      DoubleVector s2 = load(sums, to + 2 * LANES).add(load(tables, a + 2 * LANES));
      DoubleVector s3 = load(sums, to + 3 * LANES).add(load(tables, a + 3 * LANES));
      s0 = s0.add(load(tables, b));
      s1 = s1.add(load(tables, b + LANES));
      s2 = s2.add(load(tables, b + 2 * LANES));
      s3 = s3.add(load(tables, b + 3 * LANES));
      s0 = s0.add(load(tables, c));
      s1 = s1.add(load(tables, c + LANES));
      s2 = s2.add(load(tables, c + 2 * LANES));
      s3 = s3.add(load(tables, c + 3 * LANES));
      s0.add(load(tables, e)).intoArray(sums, to);
      s1.add(load(tables, e + LANES)).intoArray(sums, to + LANES);
      s2.add(load(tables, e + 2 * LANES)).intoArray(sums, to + 2 * LANES);
      s3.add(load(tables, e + 3 * LANES)).intoArray(sums, to + 3 * LANES);
    }
  }

  /** The same two vectors wide. */
  private static void addTwo(
      int[] indices, int from, int places, double[] tables, int entries, double[] sums) {
    int stride = 2 * LANES;
    for (int i = 0; i < places; i++) {
      int index = indices[from + i];
      int a = (index & 0xff) * stride;
      int b = ((index >>> 8 & 0xff) + entries) * stride;
      int c = ((index >>> 16 & 0xff) + 2 * entries) * stride;
      int e = ((index >>> 24) + 3 * entries) * stride;
      int to = i * stride;
      DoubleVector s0 = load(sums, to).add(load(tables, a));
      DoubleVector s1 = load(sums, to + LANES).add(load(tables, a + LANES));
      s0 = s0.add(load(tables, b));
      s1 = s1.add(load(tables, b + LANES));
      s0 = s0.add(load(tables, c));
      s1 = s1.add(load(tables, c + LANES));
      s0.add(load(tables, e)).intoArray(sums, to);
      s1.add(load(tables, e + LANES)).intoArray(sums, to + LANES);
    }
  }

  /** The same one vector wide. */
  private static void addOne(
      int[] indices, int from, int places, double[] tables, int entries, double[] sums) {
    for (int i = 0; i < places; i++) {
      int index = indices[from + i];
      int a = (index & 0xff) * LANES;
      int b = ((index >>> 8 & 0xff) + entries) * LANES;
      int c = ((index >>> 16 & 0xff) + 2 * entries) * LANES;
      int e = ((index >>> 24) + 3 * entries) * LANES;
      load(sums, i * LANES)
          .add(load(tables, a))
          .add(load(tables, b))
          .add(load(tables, c).add(load(tables, e)))
          .intoArray(sums, i * LANES);
    }
  }

  private static DoubleVector load(double[] array, int offset) {
    return DoubleVector.fromArray(SPECIES, array, offset);
  }

  private static double dot(double[] a, int atA, double[] b, int atB, int length, double[] lanes) {
    int k = 0;
    double dot = 0;
    if (length >= LANES) {
      DoubleVector sum = load(a, atA).mul(load(b, atB));
      for (k = LANES; k + LANES <= length; k += LANES) {
        sum = load(a, atA + k).fma(load(b, atB + k), sum);
      }
      // Not reduceLanes, which may add in another order once it is compiled.
      sum.intoArray(lanes, 0);
      for (int lane = 0; lane < LANES; lane++) {
        dot += lanes[lane];
      }
    }
    for (; k < length; k++) {
      dot += a[atA + k] * b[atB + k];
    }
    return dot;
  }
}
