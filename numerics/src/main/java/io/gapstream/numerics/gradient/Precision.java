package io.gapstream.numerics.gradient;

/** The numbers that a gradient is computed in. */
public enum Precision {
  /** 53 bits. */
  FLOAT64,
  /** 24 bits, twice as many in a vector: for about twice the speed. */
  FLOAT32
}
