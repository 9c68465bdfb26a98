package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.numerics.Deadline;
import java.util.function.Consumer;

/** A convex program on given data, as {@code gap solve} runs it. */
interface Program {

  /** What there is to say about it beyond its data, in the words of its JSON. */
  ObjectNode facts();

  /** Threads that share the work. */
  int threads();

  /** From this beta on its solution is zero. */
  double betaMax();

  /** The names of what a line of its log holds. */
  String logHeader();

  /**
   * Solves it for several betas after each other.
   *
   * @param betas from 1 weight on, finite and above 0. Not modified.
   * @param tolerance when a solution is good enough, above 0
   * @param deadline of all together; those that were not begun are left out
   * @param log takes a line for every step
   * @param solved takes each solution, in the order of the betas
   * @throws IllegalArgumentException if magnitudes are too far apart for float64
   */
  void solve(
      double[] betas,
      double tolerance,
      Deadline deadline,
      Consumer<String> log,
      Consumer<Solved> solved);
}
