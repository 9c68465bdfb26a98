package io.gapstream.numerics.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gated.GatedSolver;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs a solver in a virtual machine without the vector module and compares with this one, which
 * has it: the two share the method, but no kernel.
 */
@Timeout(60)
class PlainJavaTest {

  @Test
  void solvesWithoutTheVectorModule() throws Exception {
    // Given
    Process plain =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PlainJavaTest.class.getName())
            .redirectErrorStream(true)
            .start();

    // When
    String output = new String(plain.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    // Then
    assertThat(plain.waitFor(30, TimeUnit.SECONDS)).isTrue();
    String[] words = output.strip().split(" ");
    assertThat(words).as(output).hasSize(2);
    assertThat(words[0]).isEqualTo("false");
    double value = value();
    assertThat(Double.parseDouble(words[1])).isCloseTo(value, within(1e-9 * value));
  }

  /** Says whether vectors are there, and the value that the solver finds. */
  public static void main(String[] arguments) {
    System.out.println(VectorUnit.isAvailable() + " " + value());
  }

  private static double value() {
    Data data = GaussianData.teacher(90, 7, 3, 0.1, 5);
    Gates gates = Gates.sample(90, 7, data.x(), 150, 5);
    Problem problem = new Problem(90, 7, data.x(), data.y(), 2);
    return GatedSolver.solve(problem, gates, 1e-10, Deadline.after(Duration.ofSeconds(20))).value();
  }
}
