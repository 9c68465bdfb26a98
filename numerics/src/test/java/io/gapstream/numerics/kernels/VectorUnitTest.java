package io.gapstream.numerics.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * The build gives the module to every test, so here it has to be found: otherwise the tests of the
 * vector kernels would test the plain ones and pass.
 */
class VectorUnitTest {

  @Test
  void findsTheModuleThatTheBuildAsksFor() {
    // When
    boolean available = VectorUnit.isAvailable();

    // Then
    assertThat(available).isTrue();
  }
}
