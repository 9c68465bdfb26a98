package io.gapstream.numerics.tau;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.RandomStream;
import io.gapstream.numerics.TimeUpException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;

/**
 * {@code tau(nu)} from below, by local ascent from many starts; docs/mathematics.md, sections 3 and
 * 3.1. Deterministic: the same data and seed give the same directions.
 */
public final class LocalAscent {

  /** Multiplications that one search for the maximum may cost, about. */
  private static final double WORK = 3e8;

  /**
   * Multiplications for each sign of beta_max at most, about ten seconds in all: beta must not
   * depend on how fast a machine is, so this is no time.
   */
  private static final double MOST_WORK = 5e9;

  private static final double STEPS_EXPECTED = 100;
  private static final int MIN_STARTS = 6;
  private static final int MAX_STARTS = 64;

  /** Directions with a larger cosine are the same. */
  private static final double SAME = 1 - 1e-10;

  private LocalAscent() {}

  /**
   * beta_max as far as local ascent finds it with a limited amount of work: {@code tau(y)} from
   * below, deterministic. Data whose square would overflow or vanish are scaled first.
   *
   * @param x {@code n x d}, row-major. Not modified.
   * @param y n. Not modified.
   * @return 0 or above; infinite when it cannot be written in float64
   */
  public static double betaMax(int n, int d, double[] x, double[] y) {
    int xExponent = exponent(x);
    int yExponent = exponent(y);
    List<Direction> maxima =
        maxima(
            n,
            d,
            scale(x, -xExponent),
            scale(y, -yExponent),
            0,
            List.of(),
            Deadline.none(),
            MOST_WORK);
    double largest = maxima.isEmpty() ? 0 : Math.max(0, maxima.get(0).value());
    return Math.scalb(Math.scalb(largest, xExponent), yExponent);
  }

  /**
   * Local maxima of {@code sign sum_i nu_i (x_i . u)_+} for both signs, the largest first, each
   * once. The starts are the given ones, the rows with the largest {@code |nu_i|}, and Gaussian
   * directions.
   *
   * @param x {@code n x d}, row-major, of moderate magnitude. Not modified.
   * @param nu n, of moderate magnitude. Not modified.
   * @param seed of the Gaussian directions
   * @param starts more starts, d each, not zero. Not modified.
   * @param deadline ends the search, the ascent that is under way included
   */
  public static List<Direction> maxima(
      int n,
      int d,
      double[] x,
      double[] nu,
      long seed,
      Collection<double[]> starts,
      Deadline deadline) {
    return maxima(n, d, x, nu, seed, starts, deadline, Double.POSITIVE_INFINITY);
  }

  /**
   * The same with so much work at most.
   *
   * @param mostWork multiplications for each sign, about
   */
  private static List<Direction> maxima(
      int n,
      int d,
      double[] x,
      double[] nu,
      long seed,
      Collection<double[]> starts,
      Deadline deadline,
      double mostWork) {
    int count =
        (int)
            Math.max(
                MIN_STARTS, Math.min(MAX_STARTS, WORK / (2 * STEPS_EXPECTED * 3 * (double) n * d)));
    ContinuousSampler gaussian = RandomStream.ASCENT.gaussian(seed);
    List<double[]> candidates = new ArrayList<>(starts);
    candidates.addAll(rows(n, d, x, nu, count / 3));
    while (candidates.size() < starts.size() + count) {
      double[] u = new double[d];
      for (int k = 0; k < d; k++) {
        u[k] = gaussian.sample();
      }
      candidates.add(u);
    }
    List<Direction> found = new ArrayList<>();
    for (int sign = 1; sign >= -1; sign -= 2) {
      ArcAscent ascent = new ArcAscent(n, d, x, signed(nu, sign), deadline);
      double left = mostWork;
      for (double[] candidate : candidates) {
        double[] u = candidate.clone();
        try {
          double value = ascent.climb(u, left);
          found.add(new Direction(u, sign, value, ascent.kinks()));
        } catch (TimeUpException e) {
          break; // what was found stays
        }
        left -= ascent.work();
        if (left <= 0 || deadline.reached()) {
          break;
        }
      }
    }
    found.sort(Comparator.comparingDouble(Direction::value).reversed());
    List<Direction> distinct = new ArrayList<>();
    for (Direction direction : found) {
      if (distinct.stream().noneMatch(other -> same(other, direction))) {
        distinct.add(direction);
      }
    }
    return distinct;
  }

  /**
   * The local maximum of {@code sign sum_i nu_i (x_i . u)_+} that an ascent from one start reaches.
   *
   * @param x {@code n x d}, row-major, of moderate magnitude. Not modified.
   * @param nu n, of moderate magnitude. Not modified.
   * @param start d, not zero. Not modified.
   * @param deadline ends the ascent where it is
   * @throws TimeUpException if the deadline's grace ends within a step
   */
  public static Direction climb(
      int n, int d, double[] x, double[] nu, int sign, double[] start, Deadline deadline) {
    ArcAscent ascent = new ArcAscent(n, d, x, signed(nu, sign), deadline);
    double[] u = start.clone();
    double value = ascent.climb(u, Double.POSITIVE_INFINITY);
    return new Direction(u, sign, value, ascent.kinks());
  }

  private static double[] signed(double[] nu, int sign) {
    double[] signed = new double[nu.length];
    for (int i = 0; i < nu.length; i++) {
      signed[i] = sign * nu[i];
    }
    return signed;
  }

  /** Rows with the largest {@code |nu_i|} and their opposites. */
  private static List<double[]> rows(int n, int d, double[] x, double[] nu, int count) {
    List<double[]> rows = new ArrayList<>();
    IntStream.range(0, n)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -Math.abs(nu[i])))
        .limit((count + 1) / 2)
        .forEach(
            i -> {
              double[] row = Arrays.copyOfRange(x, i * d, (i + 1) * d);
              double squares = 0;
              for (double entry : row) {
                squares += entry * entry;
              }
              if (squares > 0) {
                rows.add(row);
                rows.add(Arrays.stream(row).map(entry -> -entry).toArray());
              }
            });
    return rows;
  }

  private static boolean same(Direction one, Direction other) {
    double cosine = 0;
    for (int k = 0; k < one.u().length; k++) {
      cosine += one.u()[k] * other.u()[k];
    }
    return one.sign() == other.sign() && cosine > SAME;
  }

  private static int exponent(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest == 0 ? 0 : Math.getExponent(largest);
  }

  private static double[] scale(double[] values, int exponent) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = Math.scalb(values[i], exponent);
    }
    return scaled;
  }
}
