package io.gapstream.datagenerator.application;

import io.gapstream.contracts.Generator;
import io.gapstream.contracts.Labels;
import io.gapstream.contracts.Origin;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the data of an experiment come from. */
public sealed interface Source {

  /** Rows. */
  int n();

  /** Columns, before a column of ones. */
  int d();

  /** What the message says about it. */
  Origin origin();

  /** The data themselves. */
  Data data();

  /** The name of a feature, from 0, for messages. */
  String featureName(int feature);

  /** The name of the target, for messages. */
  String targetName();

  /** Data to be made from a seed. */
  record Generated(Generator generator) implements Source {

    @Override
    public int n() {
      return generator.n();
    }

    @Override
    public int d() {
      return generator.d();
    }

    @Override
    public Origin origin() {
      return Origin.generated(generator);
    }

    @Override
    public Data data() {
      return generator.labels() == Labels.NOISE
          ? GaussianData.noise(generator.n(), generator.d(), generator.seed())
          : GaussianData.teacher(
              generator.n(),
              generator.d(),
              generator.teacherNeurons(),
              generator.noise(),
              generator.seed());
    }

    @Override
    public String featureName(int feature) {
      return "X[" + feature + "]";
    }

    @Override
    public String targetName() {
      return "y";
    }
  }

  /**
   * Data that came with the request.
   *
   * @param origin inline or upload
   * @param data finite numbers
   * @param featureNames d
   * @param targetName of the target's column
   */
  record Given(Origin origin, Data data, List<String> featureNames, String targetName)
      implements Source {

    /** Numbers in the request itself, which have no names. */
    public static Given inline(Data data) {
      return new Given(Origin.inline(), data, List.of(), "y");
    }

    /** A file. */
    public static Given upload(
        String file, Data data, List<String> featureNames, String targetName) {
      return new Given(Origin.upload(file), data, featureNames, targetName);
    }

    @Override
    public int n() {
      return data.n();
    }

    @Override
    public int d() {
      return data.d();
    }

    @Override
    public String featureName(int feature) {
      return featureNames.isEmpty() ? "X[" + feature + "]" : featureNames.get(feature);
    }
  }

  /** The file's name, if there is a file. */
  default @Nullable String file() {
    return origin().source();
  }
}
