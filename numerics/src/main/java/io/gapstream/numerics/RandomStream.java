package io.gapstream.numerics;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * The random numbers of one purpose. Every purpose has a stream of its own, so that one seed may
 * serve data, activation patterns and initialisation without making them equal to each other.
 *
 * <p>XoRoShiRo128++, and the ziggurat sampler for Gaussians. The same seed gives the same numbers
 * on every machine.
 */
public enum RandomStream {
  /** The entries of X. */
  FEATURES(0x5ad1c7f2b9e03c41L),
  /** The labels, or the noise on a teacher's outputs. */
  TARGETS(0x1f8e62d34b7a9c05L),
  /** The weights of a planted teacher. */
  TEACHER(0xc3914e0a76d5f28bL),
  /** The directions whose activation patterns are sampled. */
  PATTERNS(0x86f0b35d1ce7942aL),
  /** The initial weights of a training run. */
  INITIALISATION(0x3b72d9c8f5410e6dL),
  /** The order of the rows in mini-batches. */
  BATCHES(0xe94d07a1528c6bf3L),
  /** The start of a power iteration. */
  POWER_ITERATION(0x7046bc9fe2d81a35L),
  /** The starts of local ascents. */
  ASCENT(0x29e1d75b83c60af4L),
  /** The start of the lifted relaxation. */
  LIFTED(0xd47a305ec19b862fL);

  private final long salt;

  RandomStream(long salt) {
    this.salt = salt;
  }

  /** Uniform random numbers. */
  public UniformRandomProvider uniform(long seed) {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(seed ^ salt);
  }

  /** Standard Gaussians. */
  public ContinuousSampler gaussian(long seed) {
    return ZigguratSampler.NormalizedGaussian.of(uniform(seed));
  }
}
