package io.gapstream.numerics.verify;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.problem.Problem;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Derives what evidence for lower bounds on the same problem proves, and goes through what depends
 * on the data alone once: with fewer rows than columns, the columns along the rows, in which
 * evidence of the rungs {@code quadratic} and {@code pairs} is judged. Safe for use by many
 * threads.
 */
public final class LowerBoundVerifier {

  private final Problem problem;

  /** Null where evidence is judged on X as it is. */
  private final @Nullable Function<Pace, FewerColumns> source;

  /** Whether evidence is about the Z of the columns and not about X. */
  private final boolean aboutZ;

  private @Nullable FewerColumns columns;

  private LowerBoundVerifier(
      Problem problem, @Nullable Function<Pace, FewerColumns> source, boolean aboutZ) {
    this.problem = problem;
    this.source = source;
    this.aboutZ = aboutZ;
  }

  /** For evidence about the problem's own columns. */
  public static LowerBoundVerifier of(Problem problem) {
    int n = problem.n();
    int d = problem.d();
    return d <= n
        ? inAllColumns(problem)
        : new LowerBoundVerifier(
            problem,
            pace -> FewerColumns.alongRows(n, d, ScaledDual.scaledX(problem), pace),
            false);
  }

  /** The same, but judged on X as it is, however many columns that has. */
  static LowerBoundVerifier inAllColumns(Problem problem) {
    return new LowerBoundVerifier(problem, null, false);
  }

  /**
   * For evidence about other columns: what it proves about this problem, given that {@code X} is
   * nearly {@code Z V'}. How nearly, and how nearly orthonormal V is, is measured.
   *
   * @param r columns of Z, from 1
   * @param z {@code n x r}, row-major. Shared: must not be modified.
   * @param v {@code V'}, {@code r x d}, row-major. Shared: must not be modified.
   * @throws IllegalArgumentException if a shape does not agree
   */
  public static LowerBoundVerifier of(Problem problem, int r, double[] z, double[] v) {
    int n = problem.n();
    int d = problem.d();
    if (r < 1 || z.length != (long) n * r || v.length != (long) r * d) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Z has %d entries and V' has %d; for X of %d x %d and Z of %d columns give %d and"
                  + " %d.",
              z.length,
              v.length,
              n,
              d,
              r,
              (long) n * r,
              (long) r * d));
    }
    return new LowerBoundVerifier(
        problem,
        pace ->
            FewerColumns.of(
                n, d, ScaledDual.scaledX(problem), r, ScaledDual.inUnitsOfX(problem, z), v, pace),
        true);
  }

  /**
   * The largest lower bound on {@code p*} that the evidence proves; see {@link Verifier#lower}.
   *
   * @param dual {@code nu}, n. Not modified.
   * @param scale {@code s}, 0 or above
   * @param plus the witness for {@code T >= tau_+(nu)}
   * @param minus the witness for {@code T >= tau_+(-nu)}
   */
  public Finding verify(double[] dual, double scale, Witness plus, Witness minus) {
    return verify(dual, scale, plus, minus, Deadline.none());
  }

  /**
   * The same within a time.
   *
   * @throws TimeUpException if the deadline's grace ends first: nothing is said about the evidence
   */
  public Finding verify(
      double[] dual, double scale, Witness plus, Witness minus, Deadline deadline) {
    if (dual.length != problem.n()) {
      return Verifier.refuted(
          "nu has %d entries and the data have %d rows.", dual.length, problem.n());
    }
    if (!(scale >= 0) || scale == Double.POSITIVE_INFINITY) {
      return Verifier.refuted("s is %s; it must be finite and not negative.", scale);
    }
    for (double entry : dual) {
      if (!Double.isFinite(entry)) {
        return Verifier.refuted("nu holds %s; it must be finite.", entry);
      }
    }
    ScaledDual scaled = ScaledDual.of(problem, dual);
    if (scaled == null) {
      return Verifier.refuted(
          "The magnitudes of X, y or nu span too many orders to be checked in doubles.");
    }
    TauBound tauPlus;
    TauBound tauMinus;
    int order = source == null ? problem.d() : Math.min(problem.n(), problem.d());
    if (order > Verifier.SIDE_BY_SIDE_COLUMNS) {
      tauPlus = tau(scaled, 1, plus, new Pace(deadline));
      tauMinus = tau(scaled, -1, minus, new Pace(deadline));
    } else {
      // Two trees may take long, and neither has to do with the other.
      CompletableFuture<TauBound> second =
          CompletableFuture.supplyAsync(() -> tau(scaled, -1, minus, new Pace(deadline)));
      try {
        tauPlus = tau(scaled, 1, plus, new Pace(deadline));
      } finally {
        tauMinus = join(second);
      }
    }
    if (tauPlus instanceof TauBound.Nothing nothing) {
      return Verifier.refuted("The witness for tau_+(nu): %s", nothing.reason());
    }
    if (tauMinus instanceof TauBound.Nothing nothing) {
      return Verifier.refuted("The witness for tau_+(-nu): %s", nothing.reason());
    }
    double tau =
        Math.max(((TauBound.AtMost) tauPlus).value(), ((TauBound.AtMost) tauMinus).value());
    return scaled.bound(scale, tau, problem.beta());
  }

  private static TauBound join(CompletableFuture<TauBound> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof TimeUpException timeUp) {
        throw timeUp;
      }
      throw e;
    }
  }

  private TauBound tau(ScaledDual scaled, int sign, Witness witness, Pace pace) {
    if (source == null || witness instanceof Witness.Triangle) {
      return TauBound.of(scaled, sign, witness, pace);
    }
    FewerColumns fewer = columns(source, pace);
    return aboutZ
        ? fewer.boundOfZ(scaled, sign, witness, pace)
        : fewer.boundOfX(scaled, sign, witness, pace);
  }

  /** Made when the first evidence needs them. */
  private synchronized FewerColumns columns(Function<Pace, FewerColumns> from, Pace pace) {
    FewerColumns made = columns;
    if (made == null) {
      made = from.apply(pace);
      columns = made;
    }
    return made;
  }
}
