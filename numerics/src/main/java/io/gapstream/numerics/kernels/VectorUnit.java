package io.gapstream.numerics.kernels;

/**
 * Whether explicit vectors ({@code jdk.incubator.vector}) are there to be used. The module is
 * resolved only where {@code --add-modules jdk.incubator.vector} says so; without it the plain form
 * of each kernel runs. A class that names a type of the module must be reached only after this was
 * asked.
 */
public final class VectorUnit {

  private static final boolean AVAILABLE =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  private VectorUnit() {}

  /** Whether this virtual machine resolved the module. */
  public static boolean isAvailable() {
    return AVAILABLE;
  }
}
