package io.gapstream.localstack.cli;

import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.gates.Gates;
import java.util.function.Supplier;

/** The programs that {@code gap solve} knows. */
enum ProgramName {
  /** (G) of docs/mathematics.md. */
  GATED("gated", true, false) {
    @Override
    Program on(Data data, Supplier<Gates> gates, long seed) {
      return new GatedProgram(data, gates.get());
    }
  },
  /** (S) of docs/mathematics.md. */
  SAMPLED("sampled", true, true) {
    @Override
    Program on(Data data, Supplier<Gates> gates, long seed) {
      return new SampledProgram(data, gates.get());
    }
  },
  /** (P) of docs/mathematics.md, from both sides. */
  EXACT("exact", false, true) {
    @Override
    Program on(Data data, Supplier<Gates> gates, long seed) {
      return new ExactProgram(data, seed);
    }
  };

  private final String word;
  private final boolean takesPatterns;
  private final boolean givesNetwork;

  ProgramName(String word, boolean takesPatterns, boolean givesNetwork) {
    this.word = word;
    this.takesPatterns = takesPatterns;
    this.givesNetwork = givesNetwork;
  }

  /** Whether it is a program on chosen patterns. */
  boolean takesPatterns() {
    return takesPatterns;
  }

  /** Whether a solution is a network. */
  boolean givesNetwork() {
    return givesNetwork;
  }

  /**
   * The program on some data.
   *
   * @param gates makes the patterns, for a program that takes some
   * @param seed of what is random in it beside the patterns
   */
  abstract Program on(Data data, Supplier<Gates> gates, long seed);

  @Override
  public String toString() {
    return word;
  }
}
