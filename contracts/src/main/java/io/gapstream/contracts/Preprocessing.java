package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What was done to the data before they were published, in this order; enough to undo it.
 *
 * @param standardized whether each feature and the target had their mean subtracted and were
 *     divided by their population standard deviation
 * @param bias whether a column of ones was appended to the features
 * @param featureMeans one a feature; present exactly when standardized
 * @param featureScales one a feature, above 0; present exactly when standardized
 * @param targetMean present exactly when standardized
 * @param targetScale above 0; present exactly when standardized
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Preprocessing(
    boolean standardized,
    boolean bias,
    @Nullable NumericArray featureMeans,
    @Nullable NumericArray featureScales,
    @Nullable Double targetMean,
    @Nullable Double targetScale) {

  /** Checks that means and scales are there exactly when the data were standardized. */
  public Preprocessing {
    boolean all =
        featureMeans != null && featureScales != null && targetMean != null && targetScale != null;
    boolean none =
        featureMeans == null && featureScales == null && targetMean == null && targetScale == null;
    Check.that(
        standardized ? all : none,
        "preprocessing: means and scales are to be given exactly when standardized is true; it is"
            + " %s.",
        standardized);
    if (featureMeans != null
        && featureScales != null
        && targetMean != null
        && targetScale != null) {
      featureMeans.require("preprocessing.featureMeans", featureMeans.size());
      featureScales.require("preprocessing.featureScales", featureMeans.size());
      for (double scale : featureScales.values()) {
        Check.positive(scale, "preprocessing.featureScales");
      }
      Check.finite(targetMean, "preprocessing.targetMean");
      Check.positive(targetScale, "preprocessing.targetScale");
    }
  }

  /** Refuses means and scales that are not one for each column but the ones. */
  void requireColumns(int d) {
    if (featureMeans != null) {
      featureMeans.require("preprocessing.featureMeans", bias ? d - 1 : d);
    }
  }

  /** Raw values, with or without a column of ones. */
  public static Preprocessing raw(boolean bias) {
    return new Preprocessing(false, bias, null, null, null, null);
  }
}
