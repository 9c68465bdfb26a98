package io.gapstream.benchmarks;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;

import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.GateProducts;
import org.bytedeco.javacpp.DoublePointer;

/**
 * The products by OpenBLAS, with its default threads, in the better of their dense forms, {@code
 * rowsum(X .* (D W'))} and {@code (diag(r) X)' D}. All matrices stay outside the heap; weights and
 * gradients are copied in and out.
 */
final class OpenBlasProducts implements GateProducts, AutoCloseable {

  private final int n;
  private final int d;
  private final int count;
  private final double[] x;
  private final DoublePointer gates;
  private final DoublePointer wide;
  private final DoublePointer tall;
  private final double[] tallRows;
  private final double[] wideRows;

  OpenBlasProducts(Gates gates, double[] x, int[] patterns) {
    this.n = gates.n();
    this.d = gates.d();
    this.count = patterns.length;
    this.x = x;
    this.gates = new DoublePointer((long) n * count);
    double[] row = new double[count];
    for (int i = 0; i < n; i++) {
      for (int p = 0; p < count; p++) {
        row[p] = gates.isActive(patterns[p], i) ? 1 : 0;
      }
      this.gates.position((long) i * count).put(row, 0, count);
    }
    this.gates.position(0);
    this.wide = new DoublePointer((long) count * d);
    this.tall = new DoublePointer((long) n * d);
    this.tallRows = new double[n * d];
    this.wideRows = new double[count * d];
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forward(double[][] w, double[] output) {
    for (int p = 0; p < count; p++) {
      System.arraycopy(w[p], 0, wideRows, p * d, d);
    }
    wide.put(wideRows, 0, count * d);
    cblas_dgemm(
        CblasRowMajor,
        CblasNoTrans,
        CblasNoTrans,
        n,
        d,
        count,
        1,
        gates,
        count,
        wide,
        d,
        0,
        tall,
        d);
    tall.get(tallRows, 0, n * d);
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int k = i * d; k < (i + 1) * d; k++) {
        sum += x[k] * tallRows[k];
      }
      output[i] = sum;
    }
  }

  @Override
  public void adjoint(double[] r, double[][] gradient) {
    for (int i = 0; i < n; i++) {
      double factor = r[i];
      for (int k = i * d; k < (i + 1) * d; k++) {
        tallRows[k] = x[k] * factor;
      }
    }
    tall.put(tallRows, 0, n * d);
    cblas_dgemm(
        CblasRowMajor, CblasTrans, CblasNoTrans, count, d, n, 1, gates, count, tall, d, 0, wide, d);
    wide.get(wideRows, 0, count * d);
    for (int p = 0; p < count; p++) {
      System.arraycopy(wideRows, p * d, gradient[p], 0, d);
    }
  }

  /** Gives the memory outside the heap back. */
  @Override
  public void close() {
    gates.deallocate();
    wide.deallocate();
    tall.deallocate();
  }
}
