package io.gapstream.servicekit;

import io.gapstream.contracts.ByteSequence;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Witness;

/** Witnesses as messages carry them, and as numerics makes and judges them. */
public final class Witnesses {

  private Witnesses() {}

  /** For a message. */
  public static Witness toMessage(io.gapstream.numerics.bound.Witness witness) {
    if (witness instanceof io.gapstream.numerics.bound.Witness.ConeTree tree) {
      return new Witness.ConeTree(tree.bound(), ByteSequence.of(tree.tree()));
    }
    if (witness instanceof io.gapstream.numerics.bound.Witness.Quartic quartic) {
      return new Witness.Quartic(
          NumericArray.vector(quartic.touch()),
          NumericArray.vector(quartic.slope()),
          NumericArray.vector(quartic.offset()),
          NumericArray.vector(quartic.gram()));
    }
    if (witness instanceof io.gapstream.numerics.bound.Witness.Quadratic quadratic) {
      return new Witness.Quadratic(
          NumericArray.vector(quadratic.mu()),
          NumericArray.vector(quadratic.theta()),
          NumericArray.vector(quadratic.sigma()),
          quadratic.lambda());
    }
    return new Witness.Triangle();
  }

  /** For the verifier. */
  public static io.gapstream.numerics.bound.Witness fromMessage(Witness witness) {
    if (witness instanceof Witness.ConeTree tree) {
      return new io.gapstream.numerics.bound.Witness.ConeTree(tree.bound(), tree.tree().bytes());
    }
    if (witness instanceof Witness.Quartic quartic) {
      return new io.gapstream.numerics.bound.Witness.Quartic(
          quartic.touch().values(),
          quartic.slope().values(),
          quartic.offset().values(),
          quartic.gram().values());
    }
    if (witness instanceof Witness.Quadratic quadratic) {
      return new io.gapstream.numerics.bound.Witness.Quadratic(
          quadratic.mu().values(),
          quadratic.theta().values(),
          quadratic.sigma().values(),
          quadratic.lambda());
    }
    return new io.gapstream.numerics.bound.Witness.Triangle();
  }
}
