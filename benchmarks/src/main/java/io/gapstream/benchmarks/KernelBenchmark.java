package io.gapstream.benchmarks;

import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.GateProducts;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One first-order step of the gated program, {@code A W} and {@code A' r} over all patterns, in
 * float64, in every form of the products. Each form has the threads that it takes by itself: two on
 * two processors, except the loops.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@SuppressWarnings("NullAway.Init") // JMH calls prepare first
public class KernelBenchmark {

  /** Rows, columns and patterns. */
  @Param({"100x10x200", "1000x50x2000", "5000x100x2000", "10000x200x2000"})
  String shape;

  /** The form of the products. */
  @Param({"chosen", "plain", "openblas", "loops"})
  String form;

  private GateProducts products;
  private double[][] w;
  private double[][] adjoint;
  private double[] forward;
  private double[] r;

  /** Makes gates, weights and a residual. */
  @Setup(Level.Trial)
  public void prepare() {
    String[] parts = shape.split("x", -1);
    int n = Integer.parseInt(parts[0]);
    int d = Integer.parseInt(parts[1]);
    Data data = GaussianData.noise(n, d, 0);
    r = data.y();
    Gates gates = Gates.sample(n, d, data.x(), Integer.parseInt(parts[2]), 0);
    int[] all = new int[gates.count()];
    Arrays.setAll(all, p -> p);
    products =
        switch (form) {
          case "chosen" -> GateProducts.of(gates, data.x(), all);
          case "plain" -> GateProducts.plain(gates, data.x(), all);
          case "openblas" -> new OpenBlasProducts(gates, data.x(), all);
          case "loops" -> new LoopProducts(gates, data.x(), all);
          default -> throw new IllegalArgumentException("There is no form " + form);
        };
    Random random = new Random(0);
    w = new double[all.length][d];
    for (double[] row : w) {
      Arrays.setAll(row, k -> random.nextGaussian());
    }
    adjoint = new double[all.length][d];
    forward = new double[n];
  }

  /** Gives memory outside the heap back. */
  @TearDown(Level.Trial)
  public void free() {
    if (products instanceof OpenBlasProducts openBlas) {
      openBlas.close();
    }
  }

  /** Both products. */
  @Benchmark
  public double[][] step() {
    products.forward(w, forward);
    products.adjoint(r, adjoint);
    return adjoint;
  }
}
