package io.gapstream.certificate;

import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFile.BothSigns;
import io.gapstream.contracts.CertificateFile.DataSection;
import io.gapstream.contracts.CertificateFile.LowerClaim;
import io.gapstream.contracts.CertificateFile.ProblemStatement;
import io.gapstream.contracts.CertificateFile.Provenance;
import io.gapstream.contracts.CertificateFile.UpperClaim;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Rung;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.exact.Effort;
import io.gapstream.numerics.exact.ExactSolution;
import io.gapstream.numerics.exact.ExactSolver;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.quartic.QuarticSolver;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** Certificates as the solvers make them, of every rung, for small problems. */
final class Honest {

  /** Searches end by themselves; this only keeps a broken one from running for ever. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Honest() {}

  /**
   * Data with two planted neurons and noise.
   *
   * @param scaleX every feature is multiplied by it
   * @param scaleY every target is multiplied by it
   * @param share of what makes the zero network best, about
   */
  static Problem problem(int n, int d, long seed, double scaleX, double scaleY, double share) {
    Random random = new Random(seed);
    double[] x = new double[n * d];
    double[] y = new double[n];
    double[] first = random.doubles(d, -1, 1).toArray();
    double[] second = random.doubles(d, -1, 1).toArray();
    double norms = 0;
    for (int i = 0; i < n; i++) {
      double one = 0;
      double two = 0;
      double square = 0;
      for (int k = 0; k < d; k++) {
        double entry = k == d - 1 && d > 1 ? 1 : random.nextGaussian();
        one += entry * first[k];
        two += entry * second[k];
        square += entry * entry;
        x[i * d + k] = entry * scaleX;
      }
      y[i] = Math.max(0, one) - Math.max(0, two) + 0.3 * random.nextGaussian();
      norms += Math.abs(y[i]) * Math.sqrt(square);
      y[i] *= scaleY;
    }
    return new Problem(n, d, x, y, share * 0.5 * norms * scaleX * scaleY);
  }

  /** The interval to a relative width. */
  static ExactSolution solve(Problem problem, double tolerance) {
    return ExactSolver.solve(
        problem,
        tolerance,
        1,
        new Effort(Deadline.after(LIMIT), 1, 6_000_000),
        bound -> {},
        bound -> {},
        progress -> {});
  }

  /** The best bound of each rung that the solvers find, and one of two rungs. */
  static List<LowerBound> lowerBounds(Problem problem, double tolerance) {
    Map<Rung, LowerBound> best = new EnumMap<>(Rung.class);
    LowerBound exact = solve(problem, tolerance).lower();
    best.put(rung(problem, exact), exact);
    LiftedSolver.solve(
        problem, 1, Deadline.after(LIMIT), bound -> best.put(rung(problem, bound), bound));
    QuarticSolver.solve(
        problem, Deadline.after(LIMIT), bound -> best.put(rung(problem, bound), bound));
    List<LowerBound> bounds = new ArrayList<>(best.values());
    LowerBound mixed = withTriangle(problem, exact);
    if (mixed.value() > 0) {
      bounds.add(mixed);
    }
    return bounds;
  }

  /** The same nu with rung triangle for the other sign, and the scale that this allows. */
  private static LowerBound withTriangle(Problem problem, LowerBound bound) {
    double scale = bound.scale();
    Witness triangle = new Witness.Triangle();
    for (int halving = 0; halving < 60; halving++) {
      if (Verifier.lower(problem, bound.dual(), scale, bound.plus(), triangle)
          instanceof Finding.Proved proved) {
        return new LowerBound(proved.value(), bound.dual(), scale, bound.plus(), triangle);
      }
      scale *= 0.9;
    }
    return new LowerBound(0, bound.dual(), 0, bound.plus(), triangle);
  }

  private static Rung rung(Problem problem, LowerBound bound) {
    return claim(problem, bound).evidence().rung();
  }

  static CertificateFile certificate(Problem problem, LowerBound lower, UpperBound upper) {
    NumericArray x = NumericArray.matrix(problem.n(), problem.d(), problem.x());
    NumericArray y = NumericArray.vector(problem.y());
    return new CertificateFile(
        new ProblemStatement(problem.n(), problem.d(), problem.beta()),
        new DataSection(DataHash.sha256(problem.n(), problem.d(), problem.x(), problem.y()), x, y),
        claim(problem, lower),
        new UpperClaim(
            upper.value(),
            new NetworkWeights(
                NumericArray.matrix(upper.network().m(), problem.d(), upper.network().u()),
                NumericArray.vector(upper.network().a()))),
        new Provenance(
            "0123456789abcdef0123456789abcdef",
            "planted neurons, größer",
            "gapstream test",
            1L,
            Instant.parse("2026-01-02T03:04:05Z")));
  }

  /** The same with nothing but the hash of its data. */
  static CertificateFile withoutData(CertificateFile file) {
    return new CertificateFile(
        file.problem(),
        new DataSection(file.data().sha256(), null, null),
        file.lower(),
        file.upper(),
        file.provenance());
  }

  /** The problem that a file with data is about. */
  static Problem problem(CertificateFile file) {
    NumericArray x = Objects.requireNonNull(file.data().x());
    NumericArray y = Objects.requireNonNull(file.data().y());
    return new Problem(
        file.problem().n(), file.problem().d(), x.values(), y.values(), file.problem().beta());
  }

  private static LowerClaim claim(Problem problem, LowerBound lower) {
    return new LowerClaim(
        lower.value(),
        NumericArray.vector(lower.dual()),
        lower.scale(),
        new BothSigns(
            Witnesses.toMessage(lower.plus(), problem.d()),
            Witnesses.toMessage(lower.minus(), problem.d())));
  }

  /** Certificates of every rung for one problem. */
  static List<CertificateFile> certificates(Problem problem, double tolerance) {
    UpperBound upper = solve(problem, tolerance).upper();
    return lowerBounds(problem, tolerance).stream()
        .map(lower -> certificate(problem, lower, upper))
        .toList();
  }

  /** Certificates for the first of these problems for which the solvers use every rung. */
  static List<CertificateFile> ofEveryRung(int n, int d, long firstSeed, double tolerance) {
    for (long seed = firstSeed; seed < firstSeed + 100; seed++) {
      List<CertificateFile> files = certificates(problem(n, d, seed, 1, 1, 0.1), tolerance);
      long rungs = files.stream().map(file -> file.lower().evidence().rung()).distinct().count();
      if (rungs == Rung.values().length) {
        return files;
      }
    }
    throw new AssertionError("No problem needs every rung.");
  }
}
