package io.gapstream.datagenerator.application;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Limits;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Preprocessing;
import io.gapstream.numerics.data.ConstantColumnException;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.Prepared;
import io.gapstream.numerics.data.Standardization;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.reduction.ReducedProblem;
import io.gapstream.numerics.scaling.ScaledProblem;
import io.gapstream.numerics.tau.LocalAscent;
import org.jspecify.annotations.Nullable;

/**
 * Turns orders into datasets that are ready to be published. The same order gives the same dataset,
 * whenever and wherever it is carried out.
 */
public final class Experiments {

  private static final int MIN_ROWS = 2;

  /**
   * Generates or takes the data, preprocesses them, and resolves the penalty. Takes a moment: not
   * for a thread that has to answer others.
   *
   * @throws RefusedException if the order cannot be carried out
   * @throws io.gapstream.contracts.InvalidMessageException if a value of the order is out of range
   */
  public DatasetMessage prepare(Order order) {
    Source source = order.source();
    checkSize(source.n(), source.d(), order.bias());
    Prepared prepared;
    try {
      prepared = Prepared.of(source.data(), order.standardize(), order.bias());
    } catch (ConstantColumnException e) {
      throw constantColumn(source, e);
    } catch (IllegalArgumentException e) {
      // The numerics refuse shapes and numbers; shapes are checked above, so this is about numbers
      // that left the range on the way, for example noise of 1e308.
      throw RefusedException.badInput(
          "The data cannot be used: " + e.getMessage() + " Rescale them.");
    }
    Data data = prepared.data();
    double betaMax = betaMax(data);
    double beta;
    Double betaFraction;
    if (order.penalty() instanceof Penalty.Fraction fraction) {
      betaFraction = fraction.betaFraction();
      beta = betaFraction * betaMax;
    } else {
      betaFraction = null;
      beta = ((Penalty.Absolute) order.penalty()).beta();
    }
    requireRange(data, beta);
    String sha256 = DataHash.sha256(data.n(), data.d(), data.x(), data.y());
    return DatasetMessage.of(
        order.studyId(),
        order.name(),
        source.origin(),
        preprocessing(prepared),
        NumericArray.matrix(data.n(), data.d(), data.x()),
        NumericArray.vector(data.y()),
        sha256,
        beta,
        betaFraction,
        betaMax,
        order.plan());
  }

  /**
   * Refuses a size that no message takes, before anything is allocated.
   *
   * @param n rows
   * @param d columns, before a column of ones
   */
  public static void checkSize(long n, long d, boolean bias) {
    if (n < MIN_ROWS) {
      throw RefusedException.badInput(
          n + (n == 1 ? " row is" : " rows are") + " too few; give at least two.");
    }
    if (d < 1) {
      throw RefusedException.badInput("There are " + d + " features; give at least one.");
    }
    if (n > Limits.MAX_ROWS) {
      throw RefusedException.tooLarge(
          n + " rows are too many; at most " + Limits.MAX_ROWS + " are taken, use fewer.");
    }
    long features = d + (bias ? 1 : 0);
    if (features > Limits.MAX_COLUMNS) {
      throw RefusedException.tooLarge(
          d
              + (bias ? " features and a column of ones" : " features")
              + " are too many; at most "
              + Limits.MAX_COLUMNS
              + " columns are taken, use fewer.");
    }
    if (features + 1 > Limits.MAX_VALUES / n) {
      throw RefusedException.tooLarge(
          n
              + " rows of "
              + d
              + (bias ? " features, a column of ones" : " features")
              + " and a target are more than "
              + Limits.MAX_VALUES
              + " values, the most that is taken; use fewer rows or features.");
    }
  }

  private static Preprocessing preprocessing(Prepared prepared) {
    Standardization standardization = prepared.standardization();
    return standardization == null
        ? Preprocessing.raw(prepared.bias())
        : new Preprocessing(
            true,
            prepared.bias(),
            NumericArray.vector(standardization.featureMeans()),
            NumericArray.vector(standardization.featureScales()),
            standardization.targetMean(),
            standardization.targetScale());
  }

  private static RefusedException constantColumn(Source source, ConstantColumnException e) {
    boolean target = e.column() == ConstantColumnException.TARGET;
    String name = target ? source.targetName() : source.featureName(e.column());
    @Nullable String file = source.file();
    return RefusedException.badColumn(
        (file == null ? "" : file + ": ")
            + (target ? "the target '" : "the column '")
            + name
            + "' "
            + e.description()
            + ", so it cannot be standardised; "
            + (target ? "choose another target" : "remove the column")
            + " or give standardize=false.",
        file,
        name);
  }

  /** Refuses magnitudes that no method can work with, as every solver would after a wait. */
  private static void requireRange(Data data, double beta) {
    if (beta == 0 || beta == Double.POSITIVE_INFINITY) {
      throw RefusedException.badInput(
          "beta is "
              + beta
              + " once betaFraction is multiplied by betaMax: float64 goes no further. Give a"
              + " betaFraction nearer to 1, or rescale the data.");
    }
    try {
      ScaledProblem.requireRange(new Problem(data.n(), data.d(), data.x(), data.y(), beta));
    } catch (IllegalArgumentException e) {
      throw RefusedException.badInput("The data cannot be used: " + e.getMessage());
    }
  }

  private static double betaMax(Data data) {
    Data reduced = ReducedProblem.reduce(data);
    double betaMax = LocalAscent.betaMax(reduced.n(), reduced.d(), reduced.x(), reduced.y());
    if (betaMax == 0) {
      throw RefusedException.badInput(
          "No network fits the target better than zero, whatever beta is: the target is zero, or"
              + " too small to tell. Give a target that varies with the features.");
    }
    if (!Double.isFinite(betaMax)) {
      throw RefusedException.badInput(
          "The values are too large: betaMax overflows. Rescale the data or give"
              + " standardize=true.");
    }
    return betaMax;
  }
}
