package io.gapstream.localstack.cli;

import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.gates.Gates;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** The programs that {@code gap solve} knows. */
enum ProgramName {
  /** (G) of docs/mathematics.md. */
  GATED("gated", false, (data, gates) -> new GatedProgram(data, gates.get())),
  /** (S) of docs/mathematics.md. */
  SAMPLED("sampled", true, (data, gates) -> new SampledProgram(data, gates.get()));

  private final String word;
  private final boolean givesNetwork;
  private final BiFunction<Data, Supplier<Gates>, Program> program;

  ProgramName(
      String word, boolean givesNetwork, BiFunction<Data, Supplier<Gates>, Program> program) {
    this.word = word;
    this.givesNetwork = givesNetwork;
    this.program = program;
  }

  /** Whether a solution is a network. */
  boolean givesNetwork() {
    return givesNetwork;
  }

  /**
   * The program on some data.
   *
   * @param gates makes the patterns, for a program that takes some
   */
  Program on(Data data, Supplier<Gates> gates) {
    return program.apply(data, gates);
  }

  @Override
  public String toString() {
    return word;
  }
}
