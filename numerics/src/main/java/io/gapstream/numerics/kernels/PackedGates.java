package io.gapstream.numerics.kernels;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.gates.Gates;

/**
 * The gates of chosen patterns as indices into tables of subset sums. What is summed, patterns or
 * rows, is split into tables of a few members each, and {@link #TABLES} tables make a block: for
 * block b and place i, byte t of {@code indices[b][i]} holds the gates of the members of table t.
 *
 * @param bits members of a table
 * @param indices one row of places a block. Shared: must not be modified.
 */
@SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
record PackedGates(int bits, int[][] indices) {

  /** Tables in a block: a byte of an int each. */
  static final int TABLES = Integer.BYTES;

  private static final int MOST_BITS = Byte.SIZE;

  /** Sums over patterns, looked up at every row. */
  static PackedGates overPatterns(Gates gates, int[] patterns, Deadline deadline) {
    Pace pace = new Pace(deadline);
    int bits = cheapestBits(gates.n());
    int[][] indices = new int[blocks(patterns.length, bits)][gates.n()];
    long[] words = gates.words();
    int wordsPerPattern = gates.wordsPerPattern();
    for (int p = 0; p < patterns.length; p++) {
      pace.count(2L * gates.n());
      int table = p / bits;
      int[] target = indices[table / TABLES];
      int flag = 1 << table % TABLES * Byte.SIZE + p % bits;
      int from = patterns[p] * wordsPerPattern;
      for (int word = 0; word < wordsPerPattern; word++) {
        for (long rest = words[from + word]; rest != 0; rest &= rest - 1) {
          target[(word << 6) + Long.numberOfTrailingZeros(rest)] |= flag;
        }
      }
    }
    return new PackedGates(bits, indices);
  }

  /** Sums over rows, looked up for every pattern. */
  static PackedGates overRows(Gates gates, int[] patterns, Deadline deadline) {
    Pace pace = new Pace(deadline);
    int bits = cheapestBits(patterns.length);
    int[][] indices = new int[blocks(gates.n(), bits)][patterns.length];
    long[] words = gates.words();
    int wordsPerPattern = gates.wordsPerPattern();
    int mask = (1 << bits) - 1;
    for (int p = 0; p < patterns.length; p++) {
      pace.count(2L * gates.n());
      int from = patterns[p] * wordsPerPattern;
      for (int table = 0; table * bits < gates.n(); table++) {
        int bit = table * bits;
        int word = bit >> 6;
        long part = words[from + word] >>> bit;
        if ((bit & 63) + bits > Long.SIZE && word + 1 < wordsPerPattern) {
          part |= words[from + word + 1] << -bit;
        }
        indices[table / TABLES][p] |= (int) (part & mask) << table % TABLES * Byte.SIZE;
      }
    }
    return new PackedGates(bits, indices);
  }

  /** The width b of a table that makes {@code (2^b + lookups) / b} least. */
  private static int cheapestBits(int lookups) {
    int best = 1;
    for (int bits = 2; bits <= MOST_BITS; bits++) {
      if (((1 << bits) + lookups) * (long) best < ((1 << best) + lookups) * (long) bits) {
        best = bits;
      }
    }
    return best;
  }

  /** Additions for a member, to fill its share of a table and to look it up. */
  static double additions(int lookups) {
    int bits = cheapestBits(lookups);
    return ((1 << bits) + lookups) / (double) bits;
  }

  private static int blocks(int members, int bits) {
    int perBlock = TABLES * bits;
    return (members + perBlock - 1) / perBlock;
  }

  /** The first member of a table of a block. */
  int start(int block, int table) {
    return (block * TABLES + table) * bits;
  }
}
