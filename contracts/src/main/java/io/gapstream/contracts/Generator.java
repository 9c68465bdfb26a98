package io.gapstream.contracts;

/**
 * A recipe for Gaussian data: {@code X} is {@code n x d} with independent standard Gaussian
 * entries.
 *
 * @param n rows, from 1
 * @param d columns before a column of ones, from 1
 * @param labels how the targets are made
 * @param teacherNeurons neurons of the planted teacher; used with {@link Labels#TEACHER}, from 1
 * @param noise standard deviation of the noise on the teacher's outputs, 0 or above
 * @param seed the same seed gives the same data
 */
public record Generator(int n, int d, Labels labels, int teacherNeurons, double noise, long seed) {

  /** Checks the ranges given above. */
  public Generator {
    Check.count(n, 1, Limits.MAX_ROWS, "generator.n");
    Check.count(d, 1, Limits.MAX_COLUMNS, "generator.d");
    Check.count(n * (d + 1L), 1, Limits.MAX_VALUES, "generator n * (d + 1)");
    Check.present(labels, "generator.labels");
    Check.count(teacherNeurons, 1, 10_000, "generator.teacherNeurons");
    Check.nonNegative(noise, "generator.noise");
  }
}
