package io.gapstream.benchmarks;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;

import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.GateProducts;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.DoublePointer;
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
 * One first-order step of the gated program, {@code r = rowsum(D .* (X W)) - y} and {@code X' (D .*
 * r)}, in float64: by tables of bits, by loops over the gates, and by OpenBLAS in the better form
 * {@code rowsum(X .* (D W'))} and {@code (diag(r) X)' D}, whose matrices stay outside the heap.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls prepare first
public class KernelBenchmark {

  /** Rows, columns and patterns. */
  @Param({"100x10x200", "1000x50x2000", "5000x100x2000", "10000x200x2000"})
  String shape;

  private int n;
  private int d;
  private int count;
  private double[] x;
  private Gates gates;
  private GateProducts products;
  private double[][] w;
  private double[][] adjoint;
  private double[] forward;
  private double[] r;
  private DoublePointer gateMatrix;
  private DoublePointer weights;
  private DoublePointer tall;
  private DoublePointer wide;

  /** Makes gates, weights and a residual. */
  @Setup(Level.Trial)
  public void prepare() {
    String[] parts = shape.split("x", -1);
    n = Integer.parseInt(parts[0]);
    d = Integer.parseInt(parts[1]);
    Data data = GaussianData.noise(n, d, 0);
    x = data.x();
    r = data.y();
    gates = Gates.sample(n, d, x, Integer.parseInt(parts[2]), 0);
    count = gates.count();
    int[] all = new int[count];
    for (int p = 0; p < count; p++) {
      all[p] = p;
    }
    products = new GateProducts(gates, x, all);
    Random random = new Random(0);
    w = new double[count][d];
    weights = new DoublePointer((long) count * d);
    gateMatrix = new DoublePointer((long) n * count);
    for (int p = 0; p < count; p++) {
      for (int k = 0; k < d; k++) {
        w[p][k] = random.nextGaussian();
      }
      weights.position((long) p * d).put(w[p], 0, d);
      for (int i = 0; i < n; i++) {
        gateMatrix.put((long) i * count + p, gates.isActive(p, i) ? 1 : 0);
      }
    }
    weights.position(0);
    adjoint = new double[count][d];
    forward = new double[n];
    tall = new DoublePointer((long) n * d);
    wide = new DoublePointer((long) count * d);
  }

  /** Gives the memory outside the heap back. */
  @TearDown(Level.Trial)
  public void free() {
    gateMatrix.deallocate();
    weights.deallocate();
    tall.deallocate();
    wide.deallocate();
  }

  /** Tables of the subsets of gates, on two threads where that pays. */
  @Benchmark
  public double[][] tables() {
    products.forward(w, forward);
    products.adjoint(r, adjoint);
    return adjoint;
  }

  /** The definition: loops over patterns, rows and columns. */
  @Benchmark
  public double[][] loops() {
    for (int i = 0; i < n; i++) {
      forward[i] = 0;
    }
    for (int p = 0; p < count; p++) {
      double[] weight = w[p];
      double[] gradient = adjoint[p];
      for (int k = 0; k < d; k++) {
        gradient[k] = 0;
      }
      for (int i = 0; i < n; i++) {
        if (gates.isActive(p, i)) {
          double sum = 0;
          for (int k = 0; k < d; k++) {
            sum += x[i * d + k] * weight[k];
            gradient[k] += x[i * d + k] * r[i];
          }
          forward[i] += sum;
        }
      }
    }
    return adjoint;
  }

  /** OpenBLAS with its default threads. */
  @Benchmark
  public DoublePointer openBlas() {
    cblas_dgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasNoTrans,
        n,
        d,
        count,
        1,
        gateMatrix,
        count,
        weights,
        d,
        0,
        tall,
        d);
    double[] row = new double[d];
    for (int i = 0; i < n; i++) {
      tall.position((long) i * d).get(row, 0, d);
      double sum = 0;
      for (int k = 0; k < d; k++) {
        sum += x[i * d + k] * row[k];
        row[k] = x[i * d + k] * r[i];
      }
      forward[i] = sum;
      tall.put(row, 0, d);
    }
    tall.position(0);
    cblas_dgemm(
        CblasRowMajor,
        CblasTrans,
        CblasNoTrans,
        d,
        count,
        n,
        1,
        tall,
        d,
        gateMatrix,
        count,
        0,
        wide,
        count);
    return wide;
  }
}
